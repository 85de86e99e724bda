package io.emberwatch.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;

/** Only a {@link ParseException} may come out of a page, and what was read can be written and read again. */
class ExpositionFuzzTest {
    @FuzzTest
    void plainText(byte[] page) {
        check(page, TextFormat.PROMETHEUS_0_0_4);
    }

    @FuzzTest
    void openMetrics(byte[] page) {
        check(page, TextFormat.OPENMETRICS_1_0);
    }

    private static void check(byte[] page, TextFormat format) {
        List<MetricFamily> families;
        try {
            families = ExpositionParser.parseFamilies(page, format);
            assertThat(raw(page, format)).isEqualTo(labelled(page, format));
        } catch (ParseException e) {
            assertThat(e.line()).isPositive();
            assertThat(e.column()).isBetween(1, page.length + 1);
            return;
        }
        for (TextFormat each : TextFormat.values()) {
            String written = ExpositionWriter.toText(families, each);
            try {
                ExpositionParser.parseFamilies(written.getBytes(UTF_8), each);
            } catch (ParseException e) {
                throw new AssertionError(written, e);
            }
        }
    }

    private static List<Labels> labelled(byte[] page, TextFormat format) throws ParseException {
        List<Labels> series = new ArrayList<>();
        ExpositionParser.parse(page, format, new ExpositionParser.Handler() {
            @Override
            public void type(String family, MetricType type) {}

            @Override
            public void help(String family, String help) {}

            @Override
            public void unit(String family, String unit) {}

            @Override
            public void sample(Labels stored, double value, long timestampMillis) {
                series.add(stored);
            }
        });
        return series;
    }

    private static List<Labels> raw(byte[] page, TextFormat format) throws ParseException {
        List<Labels> series = new ArrayList<>();
        ExpositionParser.parseRaw(page, format, new ExpositionParser.RawHandler() {
            @Override
            public void type(String family, MetricType type) {}

            @Override
            public void help(String family, String help) {}

            @Override
            public void unit(String family, String unit) {}

            @Override
            public void rawSample(byte[] bytes, int from, int to, double value, long timestampMillis)
                    throws ParseException {
                series.add(ExpositionParser.labels(bytes, from, to));
            }
        });
        return series;
    }
}
