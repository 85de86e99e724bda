package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Sample;
import io.emberwatch.rules.scrape.MetricMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Write requests made by hand, and read back. */
final class WriteRequests {
    private WriteRequests() {}

    static byte[] of(List<Sample> samples) {
        WriteRequestWriter writer = new WriteRequestWriter();
        for (Sample sample : samples) {
            writer.sample(WriteRequestWriter.labels(sample.labels()), sample.timestampMillis(), sample.value());
        }
        return writer.toBlock();
    }

    static byte[] describing(MetricMetadata metadata) {
        WriteRequestWriter writer = new WriteRequestWriter();
        writer.metadata(metadata);
        return writer.toBlock();
    }

    /** A request of version 2.0 with the same type for every series. */
    static byte[] second(List<Sample> samples, MetricType type) {
        Map<String, Integer> symbols = new LinkedHashMap<>(Map.of("", 0));
        ProtoWriter all = new ProtoWriter();
        for (Sample sample : samples) {
            ProtoWriter references = new ProtoWriter();
            ProtoWriter series = new ProtoWriter();
            Labels labels = sample.labels();
            for (int i = 0; i < labels.size(); i++) {
                references.varint(symbols.computeIfAbsent(labels.name(i), name -> symbols.size()));
                references.varint(symbols.computeIfAbsent(labels.value(i), value -> symbols.size()));
            }
            series.nested(1, references.array(), references.length());
            ProtoWriter point = new ProtoWriter();
            point.fixedDouble(1, sample.value());
            point.number(2, sample.timestampMillis());
            series.nested(2, point.array(), point.length());
            ProtoWriter metadata = new ProtoWriter();
            metadata.number(1, WriteRequestReader.number(type));
            metadata.number(3, symbols.computeIfAbsent("what it is", help -> symbols.size()));
            series.nested(5, metadata.array(), metadata.length());
            all.nested(5, series.array(), series.length());
        }
        ProtoWriter out = new ProtoWriter();
        symbols.keySet().forEach(symbol -> out.text(4, symbol));
        out.raw(all.array(), all.length());
        return SnappyBlock.compress(out.array(), out.length());
    }

    /** What a request holds. */
    record Content(List<Sample> samples, List<MetricMetadata> metadata) {}

    static Content read(byte[] block) throws MalformedRequestException {
        Content content = new Content(new ArrayList<>(), new ArrayList<>());
        byte[] message = SnappyBlock.decompress(block);
        WriteRequestReader.read(message, message.length, new RequestHandler() {
            @Override
            public void series(IncomingSeries series) {
                Labels labels = series.labels();
                for (int i = 0; labels != null && i < series.samples(); i++) {
                    content.samples().add(new Sample(labels, series.timestampMillis(i), series.value(i)));
                }
            }

            @Override
            public void metadata(String family, MetricType type, String help, String unit) {
                content.metadata().add(new MetricMetadata(family, type, help, unit));
            }
        });
        return content;
    }
}
