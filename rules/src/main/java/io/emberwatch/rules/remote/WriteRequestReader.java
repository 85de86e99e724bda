package io.emberwatch.rules.remote;

import io.emberwatch.model.MetricType;

/** Reads {@code prometheus.WriteRequest}, the message of remote write 1.0 (Prometheus, {@code prompb/remote.proto}). */
final class WriteRequestReader {
    private static final MetricType[] TYPES = {
        MetricType.UNKNOWN,
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM,
        MetricType.SUMMARY,
        MetricType.INFO,
        MetricType.STATESET
    };

    private final ProtoReader in;
    private final RequestHandler handler;
    private final IncomingSeries series = new IncomingSeries();

    private WriteRequestReader(ProtoReader in, RequestHandler handler) {
        this.in = in;
        this.handler = handler;
    }

    /** @throws MalformedRequestException when the bytes are no such message; what came before has been handled */
    static void read(byte[] message, int length, RequestHandler handler) throws MalformedRequestException {
        new WriteRequestReader(new ProtoReader(message, length), handler).request();
    }

    private void request() throws MalformedRequestException {
        while (in.next()) {
            if (in.is(1, ProtoReader.BYTES)) {
                int outer = in.enter();
                series();
                in.leave(outer);
            } else if (in.is(3, ProtoReader.BYTES)) {
                int outer = in.enter();
                metadata();
                in.leave(outer);
            } else {
                in.skip();
            }
        }
    }

    private void series() throws MalformedRequestException {
        series.clear();
        while (in.next()) {
            if (in.is(1, ProtoReader.BYTES)) {
                int outer = in.enter();
                label();
                in.leave(outer);
            } else if (in.is(2, ProtoReader.BYTES)) {
                int outer = in.enter();
                sample(in, series);
                in.leave(outer);
            } else {
                if (in.is(3, ProtoReader.BYTES)) {
                    series.exemplar();
                } else if (in.is(4, ProtoReader.BYTES)) {
                    series.histogram();
                }
                in.skip();
            }
        }
        handler.series(series);
    }

    private void label() throws MalformedRequestException {
        String name = "";
        String value = "";
        while (in.next()) {
            if (in.is(1, ProtoReader.BYTES)) {
                name = in.text();
            } else if (in.is(2, ProtoReader.BYTES)) {
                value = in.text();
            } else {
                in.skip();
            }
        }
        series.label(name, value);
    }

    static void sample(ProtoReader in, IncomingSeries into) throws MalformedRequestException {
        double value = 0;
        long timestamp = 0;
        while (in.next()) {
            if (in.is(1, ProtoReader.FIXED64)) {
                value = in.fixedDouble();
            } else if (in.is(2, ProtoReader.VARINT)) {
                timestamp = in.varint();
            } else {
                in.skip();
            }
        }
        into.sample(timestamp, value);
    }

    private void metadata() throws MalformedRequestException {
        long type = 0;
        String family = "";
        String help = "";
        String unit = "";
        while (in.next()) {
            if (in.is(1, ProtoReader.VARINT)) {
                type = in.varint();
            } else if (in.is(2, ProtoReader.BYTES)) {
                family = in.text();
            } else if (in.is(4, ProtoReader.BYTES)) {
                help = in.text();
            } else if (in.is(5, ProtoReader.BYTES)) {
                unit = in.text();
            } else {
                in.skip();
            }
        }
        handler.metadata(family, type(type), help, unit);
    }

    /** The type of a number; numbers that are not known stand for no type. */
    static MetricType type(long number) {
        return number >= 0 && number < TYPES.length ? TYPES[(int) number] : MetricType.UNKNOWN;
    }

    /** The number of a type. */
    static int number(MetricType type) {
        for (int i = 0; i < TYPES.length; i++) {
            if (TYPES[i] == type) {
                return i;
            }
        }
        return 0;
    }
}
