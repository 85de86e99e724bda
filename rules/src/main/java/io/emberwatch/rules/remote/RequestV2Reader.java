package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code io.prometheus.write.v2.Request}, the message of remote write 2.0: texts once, everything else refers to them. */
final class RequestV2Reader {
    private static final int MAX_SYMBOLS = 4_000_000;

    private final ProtoReader in;
    private final List<String> symbols;
    private final RequestHandler handler;
    private final IncomingSeries series = new IncomingSeries();
    private final int[] references = new int[2 * IncomingSeries.MAX_LABELS];
    private int referenceCount;

    private RequestV2Reader(ProtoReader in, List<String> symbols, RequestHandler handler) {
        this.in = in;
        this.symbols = symbols;
        this.handler = handler;
    }

    /** @throws MalformedRequestException when the bytes are no such message; what came before has been handled */
    static void read(byte[] message, int length, RequestHandler handler) throws MalformedRequestException {
        List<String> symbols = symbols(new ProtoReader(message, length));
        new RequestV2Reader(new ProtoReader(message, length), symbols, handler).request();
    }

    private static List<String> symbols(ProtoReader in) throws MalformedRequestException {
        List<String> symbols = new ArrayList<>();
        while (in.next()) {
            if (in.is(4, ProtoReader.BYTES)) {
                if (symbols.size() == MAX_SYMBOLS) {
                    throw new MalformedRequestException("more than " + MAX_SYMBOLS + " symbols");
                }
                symbols.add(in.text());
            } else {
                in.skip();
            }
        }
        if (!symbols.isEmpty() && !symbols.get(0).isEmpty()) {
            throw new MalformedRequestException("the first symbol is not empty");
        }
        return symbols;
    }

    private void request() throws MalformedRequestException {
        while (in.next()) {
            if (in.is(5, ProtoReader.BYTES)) {
                int outer = in.enter();
                series();
                in.leave(outer);
            } else {
                in.skip();
            }
        }
    }

    private void series() throws MalformedRequestException {
        series.clear();
        referenceCount = 0;
        long type = 0;
        String help = "";
        String unit = "";
        while (in.next()) {
            if (in.field() == 1) {
                references();
            } else if (in.is(2, ProtoReader.BYTES)) {
                int outer = in.enter();
                WriteRequestReader.sample(in, series);
                in.leave(outer);
            } else if (in.is(5, ProtoReader.BYTES)) {
                int outer = in.enter();
                while (in.next()) {
                    if (in.is(1, ProtoReader.VARINT)) {
                        type = in.varint();
                    } else if (in.is(3, ProtoReader.VARINT)) {
                        help = symbol(in.varint());
                    } else if (in.is(4, ProtoReader.VARINT)) {
                        unit = symbol(in.varint());
                    } else {
                        in.skip();
                    }
                }
                in.leave(outer);
            } else {
                other();
            }
        }
        finish(type, help, unit);
    }

    private void other() throws MalformedRequestException {
        if (in.is(3, ProtoReader.BYTES)) {
            series.histogram();
        } else if (in.is(4, ProtoReader.BYTES)) {
            series.exemplar();
        }
        in.skip();
    }

    private void finish(long type, String help, String unit) throws MalformedRequestException {
        if (referenceCount % 2 != 0) {
            throw new MalformedRequestException("a label without a value");
        }
        String family = "";
        for (int i = 0; i < referenceCount; i += 2) {
            String name = symbol(references[i]);
            String value = symbol(references[i + 1]);
            series.label(name, value);
            if (name.equals(Labels.METRIC_NAME)) {
                family = value;
            }
        }
        handler.series(series);
        if (type != 0 || !help.isEmpty() || !unit.isEmpty()) {
            MetricType metricType = WriteRequestReader.type(type);
            handler.metadata(family(family, metricType), metricType, help, unit);
        }
    }

    // Version 2.0 describes every series; what is shown is the description of the family.
    private static String family(String series, MetricType type) {
        List<String> suffixes = switch (type) {
            case HISTOGRAM -> List.of("_bucket", "_sum", "_count");
            case SUMMARY -> List.of("_sum", "_count");
            default -> List.of();
        };
        for (String suffix : suffixes) {
            if (series.endsWith(suffix)) {
                return series.substring(0, series.length() - suffix.length());
            }
        }
        return series;
    }

    // Packed, as writers do it, or one by one, as readers must take it too.
    private void references() throws MalformedRequestException {
        if (in.type() == ProtoReader.VARINT) {
            reference(in.varint());
        } else {
            in.is(1, ProtoReader.BYTES);
            int outer = in.enter();
            while (in.hasMore()) {
                reference(in.varint());
            }
            in.leave(outer);
        }
    }

    private void reference(long value) throws MalformedRequestException {
        if (referenceCount == references.length) {
            throw new MalformedRequestException("a series has more than " + IncomingSeries.MAX_LABELS + " labels");
        }
        if (value < 0 || value >= symbols.size()) {
            throw new MalformedRequestException("a label refers to symbol " + value + " of " + symbols.size());
        }
        references[referenceCount++] = (int) value;
    }

    private String symbol(long reference) throws MalformedRequestException {
        if (reference < 0 || reference >= symbols.size()) {
            throw new MalformedRequestException("symbol " + reference + " of " + symbols.size() + " is asked for");
        }
        return symbols.get((int) reference);
    }
}
