package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.scrape.MetricMetadata;

/** Writes {@code prometheus.WriteRequest}, the message of remote write 1.0. */
final class WriteRequestWriter {
    private final ProtoWriter out = new ProtoWriter();

    /** Labels as they stand in a series of a request. */
    static byte[] labels(Labels labels) {
        ProtoWriter out = new ProtoWriter();
        ProtoWriter label = new ProtoWriter();
        for (int i = 0; i < labels.size(); i++) {
            label.clear();
            label.text(1, labels.name(i));
            label.text(2, labels.value(i));
            out.nested(1, label.array(), label.length());
        }
        return out.toBytes();
    }

    /** @param labels see {@link #labels} */
    void sample(byte[] labels, long timestampMillis, double value) {
        int sample = 1 + Long.BYTES + 1 + ProtoWriter.varintLength(timestampMillis);
        out.header(1, labels.length + 1 + ProtoWriter.varintLength(sample) + sample);
        out.raw(labels, labels.length);
        out.header(2, sample);
        out.fixedDouble(1, value);
        out.number(2, timestampMillis);
    }

    void metadata(MetricMetadata metadata) {
        ProtoWriter message = new ProtoWriter();
        message.number(1, WriteRequestReader.number(metadata.type()));
        message.text(2, metadata.family());
        message.text(4, metadata.help());
        message.text(5, metadata.unit());
        out.nested(3, message.array(), message.length());
    }

    /** The message, compressed. */
    byte[] toBlock() {
        return SnappyBlock.compress(out.array(), out.length());
    }
}
