package io.emberwatch.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes random queries that pass the type checker, in the words of Prometheus 3 and in those that mean the same to
 * Prometheus 2.42.
 *
 * <p>Where the two would differ the words do: an average is a sum over a count to the old one, whose averages are less
 * exact; the result of {@code atan2} loses its name, which the old one kept; the deviation of an infinite value is not a
 * number, and 0 to the old one. Subqueries have lengths that end half a
 * second off, so that none of their steps lies on their bound.
 */
final class RandomQuery {
    private static final List<String> METRICS = List.of("requests_total", "load", "temp", "limit", "odd", "info");
    private static final List<String> LABELS = List.of("job", "instance", "zone", "code", "le", "version", "none");
    private static final List<String> MATH = List.of(
            "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sin", "cos", "tan", "asin", "acos",
            "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad");
    private static final List<String> DATES =
            List.of("day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year");
    private static final List<String> OVER_RANGE = List.of(
            "avg_over_time",
            "changes",
            "count_over_time",
            "delta",
            "deriv",
            "idelta",
            "increase",
            "irate",
            "last_over_time",
            "max_over_time",
            "min_over_time",
            "present_over_time",
            "rate",
            "resets",
            "stddev_over_time",
            "stdvar_over_time",
            "sum_over_time",
            "absent_over_time");
    private static final List<String> AGGREGATIONS =
            List.of("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar");
    private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/", "%", "^", "atan2");
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", ">", "<=", ">=");
    private static final int DEEPEST = 3;

    private final Random random;
    private final RandomSpelling spelling;

    RandomQuery(Random random) {
        this.random = random;
        this.spelling = new RandomSpelling(random);
    }

    /**
     * The same query in the words of both.
     *
     * @param nearZero whether it may ask for the rate of a series near zero, which both extrapolate in their own way
     */
    record Words(String now, String old, boolean nearZero) {
        static Words of(String both) {
            return new Words(both, both, false);
        }

        Words in(String before, String after) {
            return new Words(before + now + after, before + old + after, nearZero);
        }

        Words then(String between, Words other) {
            return new Words(now + between + other.now, old + between + other.old, nearZero || other.nearZero);
        }

        Words to(String newNow, String newOld) {
            return new Words(newNow, newOld, nearZero);
        }
    }

    Words top() {
        return switch (random.nextInt(20)) {
            case 0 -> scalar(1);
            case 1 -> chain();
            case 2 -> range(1);
            default -> vector(0);
        };
    }

    /** Operators without parentheses: their precedence decides what is computed. */
    private Words chain() {
        String of = any(List.of("load", "requests_total", "temp"));
        Words chain = segment(of);
        for (int i = random.nextInt(3); i > 0; i--) {
            chain = chain.then(" " + spelling.keyword(any(List.of("and", "or", "unless"))) + " ", segment(of));
        }
        return chain;
    }

    private Words segment(String of) {
        Words segment = Words.of(any(List.of("", "", "-", "+", "- -")) + of);
        for (int i = random.nextInt(4); i > 0; i--) {
            String operator = any(List.of("+", "-", "*", "/", "^", "== bool", "< bool", ">= bool", "!= bool"));
            Words operand = chance(30) ? Words.of(any(List.of("", "-")) + of) : spelling.number();
            segment = segment.then(chance(80) ? " " + operator + " " : operator + " ", operand);
        }
        return segment;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String number() {
        return any(List.of("0", "1", "2", "0.5", "-1", "3", "10", "100", "1e3", "60", "0.1", "NaN", "Inf", "-Inf"));
    }

    private String matcher() {
        return any(List.of(
                "job=\"api\"",
                "job=\"web\"",
                "job!=\"api\"",
                "job=~\"a.*|batch\"",
                "job!~\"w.b\"",
                "instance=\"a:1\"",
                "instance=~\"[ab]:1\"",
                "zone=\"z1\"",
                "zone=\"\"",
                "code=~\"5..\"",
                "code!=\"200\"",
                "version!=\"\"",
                "none=\"\"",
                "none!=\"\"",
                "le=\"1.0\""));
    }

    private Words selector() {
        if (chance(6)) {
            return Words.of("{__name__=~\"" + any(List.of("l.*", "load|temp", "te.p|limit", "odd|nothing")) + "\"}");
        }
        if (chance(3)) {
            return Words.of(any(List.of("nothing", "latency_bucket")));
        }
        String name = any(METRICS);
        int matchers = chance(45) ? 1 + random.nextInt(2) : 0;
        List<String> all = new ArrayList<>();
        for (int i = 0; i < matchers; i++) {
            all.add(matcher());
        }
        return spelling.selector(name, all);
    }

    private Words timing() {
        Words offset = chance(12)
                ? spelling.offset(any(List.of("1m", "-1m", "7s", "10m", "33m20s")))
                        .in(" " + spelling.keyword("offset") + " ", "")
                : Words.of("");
        String at = chance(8)
                ? " @ "
                        + any(List.of(
                                "start()",
                                "end()",
                                Long.toString(RandomSeries.START / 1000 + 60L * random.nextInt(90))))
                : "";
        return chance(50) ? offset.in("", at) : offset.in(at, "");
    }

    private Words vector(int depth) {
        if (depth >= DEEPEST || chance(8 + 14 * depth)) {
            return selector().then("", timing());
        }
        return switch (random.nextInt(15)) {
            case 0, 1, 2 -> overRange(depth);
            case 3, 4, 5 -> aggregation(depth);
            case 6, 7 -> vectors(depth);
            case 8 -> sets(depth);
            case 9, 10 -> withScalar(depth);
            case 11 -> mathematics(depth);
            default -> function(depth);
        };
    }

    private Words mathematics(int depth) {
        String function = any(MATH);
        Words of = vector(depth + 1);
        // Of large angles the last digit decides everything.
        boolean angle = function.equals("sin") || function.equals("cos") || function.equals("tan");
        return angle ? of.in(function + "(clamp(", ", -1e6, 1e6))") : of.in(function + "(", ")");
    }

    private Words overRange(int depth) {
        int kind = random.nextInt(20);
        Words range = range(depth);
        if (kind == 0) {
            return scalar(depth + 2)
                    .in("quantile_over_time(", ", ")
                    .then("", range)
                    .in("", ")");
        }
        if (kind == 1) {
            return range.in("predict_linear(", ", ").then("", scalar(depth + 2)).in("", ")");
        }
        String function = any(OVER_RANGE);
        if (function.equals("rate") || function.equals("increase")) {
            return rate(function, range);
        }
        if (function.equals("avg_over_time")) {
            return range.to(
                    "avg_over_time(" + range.now + ")",
                    "(sum_over_time(" + range.old + ") / count_over_time(" + range.old + "))");
        }
        return range.in(function + "(", ")");
    }

    private Words rate(String function, Words range) {
        if (chance(8)) {
            return new Words(function + "(" + range.now + ")", function + "(" + range.old + ")", true);
        }
        String of = chance(30) ? "latency_bucket" : "requests_total";
        String matchers = chance(40) ? "{" + matcher() + "}" : "";
        return length().in(function + "(" + of + matchers + "[", "]").then("", timing().in("", ")"));
    }

    private Words length() {
        return spelling.length(any(List.of("1m", "5m", "30s", "2m", "17s", "20m", "1m30s")));
    }

    private Words range(int depth) {
        if (chance(65) || depth >= DEEPEST) {
            return selector().then("[", length()).in("", "]").then("", timing());
        }
        String length = any(List.of("97s500ms", "5m500ms", "10m30s500ms", "1m500ms"));
        String step = any(List.of("10s", "30s", "1m", "7s", ""));
        return vector(depth + 1).in("(", ")[" + length + ":" + step + "]").then("", timing());
    }

    private String labels() {
        int count = random.nextInt(3);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = any(LABELS);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return "(" + String.join(", ", names) + (names.isEmpty() || chance(90) ? ")" : ",)");
    }

    private Words aggregation(int depth) {
        String grouping =
                chance(75) ? " " + spelling.keyword(any(List.of("by", "without"))) + " " + labels() + " " : "";
        int kind = random.nextInt(12);
        if (kind == 0) {
            // Ties have no order: only what has few of them.
            String of =
                    any(List.of("load", "temp", "limit", "rate(requests_total[5m])", "requests_total", "load - 50"));
            return Words.of(any(List.of("topk", "bottomk")) + grouping + "("
                    + any(List.of("1", "2", "3", "10", "0", "-1")) + ", " + of + ")");
        }
        Words operand = vector(depth + 1);
        if (kind == 1) {
            return operand.in(
                    "quantile" + grouping + "(" + any(List.of("0", "0.5", "0.9", "1", "-1", "2", "NaN")) + ", ", ")");
        }
        if (kind == 2) {
            // The text of a value shows its last digit: only of values that both compute exactly.
            Words exact =
                    chance(50) ? selector().then("", timing()) : operand.in("clamp(round(", ", 0.125), -1e6, 1e6)");
            return exact.in("count_values" + grouping + "(\"value\", ", ")");
        }
        String name = any(AGGREGATIONS);
        if (name.startsWith("std")) {
            // Of an infinite first value the old one says 0.
            return operand.to(
                    name + grouping + "(" + operand.now + ")",
                    "(" + name + grouping + "(" + operand.old + ") + 0 * sum" + grouping + "(" + operand.old + "))");
        }
        if (name.equals("avg")) {
            return operand.to(
                    "avg" + grouping + "(" + operand.now + ")",
                    "(sum" + grouping + "(" + operand.old + ") / count" + grouping + "(" + operand.old + "))");
        }
        return operand.in(name + grouping + "(", ")");
    }

    private String matching(boolean grouping) {
        if (chance(25)) {
            return "";
        }
        String how = any(List.of("on", "ignoring"));
        String labels = chance(70) ? any(List.of("(job)", "(job, instance)", "(instance)")) : labels();
        String group = "";
        if (grouping && chance(45)) {
            String include = how.equals("on")
                    ? any(List.of("()", "(zone)", "(none)", "(version)"))
                    : any(List.of("()", "(none)"));
            group = " " + any(List.of("group_left", "group_right")) + " " + include;
            if (labels.contains("zone") || labels.contains("none") || labels.contains("version")) {
                group = "";
            }
        }
        return " " + how + " " + labels + group;
    }

    private Words vectors(int depth) {
        Words left = vector(depth + 1);
        Words right = chance(25) ? left : vector(depth + 1);
        boolean comparison = chance(40);
        String operator = any(comparison ? COMPARISONS : ARITHMETIC);
        String bool = comparison && chance(40) ? " bool" : "";
        if (operator.equals("%")) {
            left = left.in("clamp(round(", ", 0.125), -1e6, 1e6)");
            right = right.in("clamp(round(", ", 0.125), -1e6, 1e6)");
        }
        Words whole = left.in("(", ")").then(" " + operator + bool + matching(true) + " ", right.in("(", ")"));
        if (!operator.equals("atan2")) {
            return whole;
        }
        return whole.to(whole.now, "label_replace(" + whole.old + ", \"__name__\", \"\", \"\", \"\")");
    }

    private Words sets(int depth) {
        String operator = any(List.of("and", "or", "unless"));
        return vector(depth + 1)
                .in("(", ")")
                .then(" " + operator + matching(false) + " ", vector(depth + 1).in("(", ")"));
    }

    private Words withScalar(int depth) {
        boolean comparison = chance(50);
        String operator = any(comparison ? COMPARISONS : ARITHMETIC);
        String bool = comparison && chance(40) ? " bool" : "";
        Words vector = vector(depth + 1).in("(", ")");
        Words scalar = operator.equals("%") ? Words.of("8") : scalar(depth + 1).in("(", ")");
        Words whole = chance(50)
                ? vector.then(" " + operator + bool + " ", scalar)
                : scalar.then(" " + operator + bool + " ", vector);
        if (!operator.equals("atan2")) {
            return whole;
        }
        return whole.to(whole.now, "label_replace(" + whole.old + ", \"__name__\", \"\", \"\", \"\")");
    }

    private Words function(int depth) {
        return switch (random.nextInt(13)) {
            case 0 -> vector(depth + 1).in("absent(", ")");
            case 1 -> vector(depth + 1).in("clamp(", ", " + number() + ", " + number() + ")");
            case 2 -> vector(depth + 1).in(any(List.of("clamp_min(", "clamp_max(")), ", " + number() + ")");
            case 3 ->
                vector(depth + 1).in("round(", chance(50) ? ")" : ", " + any(List.of("0.5", "10", "0.125", "3")) + ")");
            case 4 -> date(depth);
            case 5 -> Words.of(any(DATES) + "()");
            case 6 -> labelReplace(depth);
            case 7 -> labelJoin(depth);
            case 8 -> histogramQuantile();
            case 9 -> scalar(depth + 1).in("vector(", ")");
            case 10 -> timestamp(depth);
            case 11 -> vector(depth + 1).in("-(", ")");
            default -> vector(depth + 1).in(any(List.of("sort(", "sort_desc(")), ")");
        };
    }

    // Of a selector with both @ and offset Prometheus forgets the offset.
    private Words timestamp(int depth) {
        Words of = vector(depth + 1);
        boolean both = of.now.contains("@") && of.now.toLowerCase(Locale.ROOT).contains("offset");
        return both ? of.in("timestamp(abs(", "))") : of.in("timestamp(", ")");
    }

    private Words date(int depth) {
        // The last digit of many seconds decides the minute.
        Words of =
                chance(40) ? selector().then("", timing()) : vector(depth + 1).in("clamp(", ", -1e10, 1e10)");
        return of.in(any(DATES) + "(", ")");
    }

    private Words labelReplace(int depth) {
        String target = any(List.of("job", "new", "instance", "__name__"));
        String replacement = any(List.of("$1", "x-$1", "", "$2", "${1}y", "$1y", "$$"));
        String source = any(List.of("job", "instance", "none", "__name__"));
        String regex = any(List.of("(.*)", "(.*):1", "a(.*)", "", "(?P<n>.).*", "[ab]:1"));
        return vector(depth + 1)
                .in(
                        "label_replace(",
                        ", \"" + target + "\", \"" + replacement + "\", \"" + source + "\", \"" + regex + "\")");
    }

    private Words labelJoin(int depth) {
        String sources = List.of("job", "instance", "none").stream()
                .filter(label -> chance(50))
                .map(label -> ", \"" + label + "\"")
                .collect(Collectors.joining());
        return vector(depth + 1)
                .in(
                        "label_join(",
                        ", \"" + any(List.of("new", "job")) + "\", \"" + any(List.of("-", "", "::")) + "\"" + sources
                                + ")");
    }

    private Words histogramQuantile() {
        String buckets = any(List.of(
                "latency_bucket",
                "rate(latency_bucket[5m])",
                "increase(latency_bucket[2m])",
                "sum by (le) (latency_bucket)",
                "sum by (le, job) (rate(latency_bucket[1m]))",
                "sum by (le) (increase(latency_bucket{job!=\"api\"}[10m]))",
                "latency_bucket{le!=\"+Inf\"}",
                "load"));
        return Words.of("histogram_quantile(" + any(List.of("0", "0.5", "0.9", "0.99", "1", "-1", "2", "NaN")) + ", "
                + buckets + ")");
    }

    private Words scalar(int depth) {
        if (depth >= DEEPEST || chance(45)) {
            return chance(30) ? spelling.number() : Words.of(number());
        }
        return switch (random.nextInt(5)) {
            case 0 -> Words.of("time()");
            case 1 -> vector(depth + 1).in("scalar(", ")");
            case 2 ->
                scalar(depth + 1)
                        .in("(", ")")
                        .then(
                                " " + any(List.of("+", "-", "*", "/", "%", "^", "atan2")) + " ",
                                scalar(depth + 1).in("(", ")"));
            case 3 ->
                scalar(depth + 1)
                        .in("(", ")")
                        .then(
                                " " + any(COMPARISONS) + " bool ",
                                scalar(depth + 1).in("(", ")"));
            default -> scalar(depth + 1).in("-(", ")");
        };
    }
}
