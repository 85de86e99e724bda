package io.emberwatch.rules.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A range query yields at each time what an instant query yields at that time, for random expressions and data. */
class InstantAndRangeTest {
    private static final int EXPRESSIONS = 400;
    private static final int STEPS = 7;
    private static final List<String> RANGE_FUNCTIONS = List.of(
            "rate",
            "increase",
            "delta",
            "irate",
            "idelta",
            "deriv",
            "changes",
            "resets",
            "avg_over_time",
            "sum_over_time",
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "stddev_over_time",
            "last_over_time",
            "first_over_time",
            "present_over_time",
            "absent_over_time");
    private static final List<String> AGGREGATIONS =
            List.of("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk(2, ", "quantile(0.5, ");
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "^", "atan2", ">", "==", "!= bool", "<= bool", "and", "or", "unless");

    private final Random random = new Random(20_260_101);

    private FakeSource data() {
        FakeSource source = new FakeSource();
        for (String name : List.of("a", "b")) {
            for (int i = 0; i < 4; i++) {
                StringBuilder line = new StringBuilder(name + "{x=\"" + i + "\",y=\"" + i % 2 + "\"}");
                for (int point = 0; point < 30; point++) {
                    int kind = random.nextInt(12);
                    line.append(' ')
                            .append(kind == 0 ? "_" : kind == 1 ? "stale" : kind == 2 ? "NaN" : random.nextInt(50));
                }
                source.add(line.toString());
            }
        }
        return source;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String vector(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(9)) {
            case 1 ->
                pick(RANGE_FUNCTIONS) + "(" + selector() + "[" + (1 + random.nextInt(8)) + "m]" + modifier() + ")";
            case 2 -> pick(RANGE_FUNCTIONS) + "((" + vector(depth - 1) + ")[6m:90s])";
            case 3 -> aggregation(depth);
            case 4 -> "(" + vector(depth - 1) + " " + pick(OPERATORS) + " ignoring (x) " + aggregation(depth) + ")";
            case 5 -> "(" + vector(depth - 1) + " " + pick(OPERATORS) + " " + vector(depth - 1) + ")";
            case 6 -> "(" + vector(depth - 1) + " " + pick(OPERATORS.subList(0, 11)) + " " + random.nextInt(20) + ")";
            case 7 -> "label_replace(" + vector(depth - 1) + ", \"x\", \"$1\", \"y\", \"(.*)\")";
            case 8 -> pick(List.of("-", "abs", "round", "timestamp", "absent")) + "(" + vector(depth - 1) + ")";
            default -> selector() + modifier();
        };
    }

    private String aggregation(int depth) {
        String name = pick(AGGREGATIONS);
        String by = pick(List.of("", " by (y)", " without (x)"));
        String open = name.endsWith(" ") ? name : name + "(";
        return open + vector(depth - 1) + ")" + by;
    }

    private String selector() {
        return pick(List.of("a", "b", "a{y=\"0\"}", "{__name__=~\"a|b\",x=\"1\"}"));
    }

    private String modifier() {
        return pick(List.of("", "", "", " offset 2m", " offset -1m", " @ 600", " @ end()"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agree(boolean delayed) throws QueryException {
        int answered = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            QueryEngine engine =
                    new QueryEngine(data(), EngineOptions.defaults().withDelayedNameRemoval(delayed));
            String expression = vector(3).replace("@ end()", "@ 1200");
            if (agrees(engine, expression)) {
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(EXPRESSIONS / 4);
    }

    private static boolean agrees(QueryEngine engine, String expression) throws QueryException {
        Instant start = Instant.ofEpochSecond(300);
        Duration step = Duration.ofSeconds(130);
        QueryValue.Matrix matrix;
        try {
            Instant end = start.plus(step.multipliedBy(STEPS - 1));
            matrix = (QueryValue.Matrix)
                    engine.range(expression, start, end, step).value();
        } catch (QueryException e) {
            // Then an instant query may still have an answer: what must not be may happen at another time.
            return false;
        }
        for (int i = 0; i < STEPS; i++) {
            Instant at = start.plus(step.multipliedBy(i));
            assertThat(instant(engine, expression, at))
                    .as("%s at %s", expression, at)
                    .isEqualTo(column(matrix, at.toEpochMilli()));
        }
        return !matrix.series().isEmpty();
    }

    private static Map<Labels, Long> instant(QueryEngine engine, String expression, Instant at) throws QueryException {
        Map<Labels, Long> values = new TreeMap<>();
        QueryValue.Vector vector =
                (QueryValue.Vector) engine.instant(expression, at).value();
        for (Sample sample : vector.samples()) {
            values.put(sample.labels(), Double.doubleToLongBits(sample.value()));
        }
        return values;
    }

    private static Map<Labels, Long> column(QueryValue.Matrix matrix, long at) {
        Map<Labels, Long> values = new TreeMap<>();
        for (Series series : matrix.series()) {
            for (int i = 0; i < series.size(); i++) {
                if (series.timestampsMillis()[i] == at) {
                    values.put(series.labels(), Double.doubleToLongBits(series.values()[i]));
                }
            }
        }
        return values;
    }
}
