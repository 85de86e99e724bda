package io.emberwatch.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Whatever is written can be read, and says the same in both formats. */
class ExpositionRoundTripTest {
    private static final Gen<String> ANY_TEXT = strings()
            .allPossible()
            .ofLengthBetween(0, 12)
            .mix(strings().betweenCodePoints(0x20, 0x7e).ofLengthBetween(0, 12), 60)
            .map(ExpositionRoundTripTest::wellFormed);

    private static final Gen<String> ANY_NAME = ANY_TEXT.assuming(name -> !name.isEmpty())
            .mix(strings().betweenCodePoints('a', 'd').ofLengthBetween(1, 3), 60)
            .assuming(name -> !name.equals(Labels.METRIC_NAME));

    private static final Gen<Double> ANY_VALUE = longs().all()
            .map(Double::longBitsToDouble)
            .mix(doubles().any(), 30)
            .mix(integers().all().map(i -> i / 100.0), 40);

    private static final Gen<Long> ANY_TIME =
            longs().between(0, 4_000_000_000_000L).mix(arbitrary().constant(MetricPoint.NO_TIMESTAMP), 60);

    private static final Gen<Labels> ANY_LABELS = lists().of(ANY_NAME.zip(ANY_TEXT, Map::entry))
            .ofSizeBetween(0, 4)
            .map(entries -> {
                Labels.Builder labels = Labels.builder();
                entries.forEach(entry -> labels.set(entry.getKey(), entry.getValue()));
                return labels.build();
            });

    private static final Gen<MetricFamily> ANY_FAMILY = ANY_NAME.zip(
            arbitrary().enumValues(MetricType.class),
            ANY_TEXT,
            lists().of(arbitrary()
                            .pick("", "", "", "_total", "_bucket", "_sum", "_count", "_created", "_info", "_gsum")
                            .zip(ANY_LABELS, ANY_VALUE, ANY_TIME, Line::new))
                    .ofSizeBetween(0, 5),
            (name, type, help, lines) -> {
                List<MetricPoint> points = new ArrayList<>();
                for (Line line : lines) {
                    SeriesKey key = SeriesKey.of(name + line.suffix(), line.labels());
                    points.add(new MetricPoint(key, line.value(), line.timestamp()));
                }
                return MetricFamily.of(name, type, help, points);
            });

    private static final Gen<List<MetricFamily>> ANY_FAMILIES =
            lists().of(ANY_FAMILY).ofSizeBetween(0, 4);

    private record Line(String suffix, Labels labels, double value, long timestamp) {}

    @Test
    void anythingWrittenCanBeRead() {
        qt().withExamples(3_000).forAll(ANY_FAMILIES).checkAssert(families -> {
            for (TextFormat format : TextFormat.values()) {
                assertThat(log(families, format)).isNotNull();
            }
        });
    }

    @Test
    void bothFormatsSayTheSameSamples() {
        qt().withExamples(3_000).forAll(ANY_FAMILIES).checkAssert(families -> {
            Map<String, Integer> plain = samples(log(families, TextFormat.PROMETHEUS_0_0_4));
            Map<String, Integer> openMetrics = samples(log(families, TextFormat.OPENMETRICS_1_0));

            assertThat(openMetrics).isEqualTo(plain);
        });
    }

    @Test
    void validFamiliesComeBackEqual() {
        Gen<MetricFamily> gauges = strings()
                .betweenCodePoints('a', 'z')
                .ofLengthBetween(1, 8)
                .zip(
                        ANY_TEXT,
                        lists().of(ANY_VALUE.zip(ANY_TIME, Map::entry)).ofSizeBetween(1, 4),
                        (name, help, values) -> {
                            List<MetricPoint> points = new ArrayList<>();
                            for (int i = 0; i < values.size(); i++) {
                                SeriesKey key = SeriesKey.of(name, Labels.of("i", i + "\"\\\n" + help));
                                points.add(new MetricPoint(
                                        key,
                                        values.get(i).getKey(),
                                        values.get(i).getValue()));
                            }
                            return MetricFamily.of(name, MetricType.GAUGE, help, points);
                        });

        qt().withExamples(3_000).forAll(gauges).checkAssert(family -> {
            for (TextFormat format : TextFormat.values()) {
                assertThat(again(List.of(family), format)).containsExactly(family);
            }
        });
    }

    private static List<MetricFamily> again(List<MetricFamily> families, TextFormat format) {
        byte[] page = bytes(families, format);
        try {
            return ExpositionParser.parseFamilies(page, format);
        } catch (ParseException e) {
            throw new AssertionError(new String(page, UTF_8), e);
        }
    }

    private static PageLog log(List<MetricFamily> families, TextFormat format) {
        byte[] page = bytes(families, format);
        PageLog log = new PageLog();
        try {
            ExpositionParser.parse(page, format, log);
        } catch (ParseException e) {
            throw new AssertionError(new String(page, UTF_8), e);
        }
        return log;
    }

    private static byte[] bytes(List<MetricFamily> families, TextFormat format) {
        return ExpositionWriter.toText(families, format).getBytes(UTF_8);
    }

    private static Map<String, Integer> samples(PageLog log) {
        Map<String, Integer> samples = new LinkedHashMap<>();
        log.toString()
                .lines()
                .filter(line -> !line.startsWith("type ") && !line.startsWith("help "))
                .forEach(line -> samples.merge(line, 1, Integer::sum));
        return samples;
    }

    // Unpaired surrogates have no UTF-8, so they cannot come back.
    private static String wellFormed(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    @Test
    void sanitizedNamesAreValid() {
        qt().forAll(ANY_TEXT).check(name -> MetricNames.isMetricName(MetricNames.sanitize(name)));
    }
}
