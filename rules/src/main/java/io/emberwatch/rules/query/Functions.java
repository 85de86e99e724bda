package io.emberwatch.rules.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signatures of all functions of Prometheus 3.14: 73 stable and 17 experimental ones. */
final class Functions {
    /** One per line: name, a letter per argument (see {@link #type}), how variadic, the result if not a vector. */
    private static final String STABLE = """
            abs V
            absent V
            absent_over_time M
            acos V
            acosh V
            asin V
            asinh V
            atan V
            atanh V
            avg_over_time M
            ceil V
            changes M
            clamp VSS
            clamp_max VS
            clamp_min VS
            cos V
            cosh V
            count_over_time M
            days_in_month V 1
            day_of_month V 1
            day_of_week V 1
            day_of_year V 1
            deg V
            delta M
            deriv M
            exp V
            first_over_time M
            floor V
            histogram_avg V
            histogram_count V
            histogram_fraction SSV
            histogram_quantile SV
            histogram_stddev V
            histogram_stdvar V
            histogram_sum V
            hour V 1
            idelta M
            increase M
            irate M
            label_join VTTT -1
            label_replace VTTTT
            last_over_time M
            ln V
            log10 V
            log2 V
            max_over_time M
            min_over_time M
            minute V 1
            month V 1
            pi - 0 S
            predict_linear MS
            present_over_time M
            quantile_over_time SM
            rad V
            rate M
            resets M
            round VS 1
            scalar V 0 S
            sgn V
            sin V
            sinh V
            sort V
            sort_desc V
            sqrt V
            stddev_over_time M
            stdvar_over_time M
            sum_over_time M
            tan V
            tanh V
            time - 0 S
            timestamp V
            vector S
            year V 1
            """;

    private static final String EXPERIMENTAL = """
            double_exponential_smoothing MSS
            end - 0 S
            histogram_quantiles VTSS 9
            info VV 1
            mad_over_time M
            max_of SS 0 S
            min_of SS 0 S
            range - 0 S
            sort_by_label VT -1
            sort_by_label_desc VT -1
            start - 0 S
            start_timestamp V
            step - 0 S
            ts_of_first_over_time M
            ts_of_last_over_time M
            ts_of_max_over_time M
            ts_of_min_over_time M
            """;

    private static final Map<String, Function> BY_NAME = byName();

    private Functions() {}

    /** The function of this name, or null. */
    static @Nullable Function find(String name) {
        return BY_NAME.get(name);
    }

    /** Every function there is. */
    static List<Function> all() {
        return List.copyOf(BY_NAME.values());
    }

    private static Map<String, Function> byName() {
        Map<String, Function> functions = new HashMap<>();
        STABLE.lines().map(line -> function(line, false)).forEach(f -> functions.put(f.name(), f));
        EXPERIMENTAL.lines().map(line -> function(line, true)).forEach(f -> functions.put(f.name(), f));
        return Map.copyOf(functions);
    }

    private static Function function(String line, boolean experimental) {
        String[] parts = line.split(" ", -1);
        List<ValueType> arguments = new ArrayList<>();
        for (char letter : parts[1].toCharArray()) {
            if (letter != '-') {
                arguments.add(type(letter));
            }
        }
        int variadic = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
        ValueType returns = parts.length > 3 ? type(parts[3].charAt(0)) : ValueType.VECTOR;
        return new Function(parts[0], arguments, variadic, returns, experimental);
    }

    private static ValueType type(char letter) {
        return switch (letter) {
            case 'V' -> ValueType.VECTOR;
            case 'M' -> ValueType.MATRIX;
            case 'S' -> ValueType.SCALAR;
            default -> ValueType.STRING;
        };
    }
}
