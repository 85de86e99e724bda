package io.emberwatch.rules.query;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions that compute each sample from its value alone. */
final class MathFunctions {
    private static final Map<String, DoubleUnaryOperator> BY_NAME = Map.ofEntries(
            Map.entry("abs", Math::abs),
            Map.entry("acos", Math::acos),
            Map.entry("acosh", GoMath::acosh),
            Map.entry("asin", Math::asin),
            Map.entry("asinh", GoMath::asinh),
            Map.entry("atan", Math::atan),
            Map.entry("atanh", GoMath::atanh),
            Map.entry("ceil", Math::ceil),
            Map.entry("cos", Math::cos),
            Map.entry("cosh", Math::cosh),
            Map.entry("deg", x -> x * 180 / Math.PI),
            Map.entry("exp", Math::exp),
            Map.entry("floor", Math::floor),
            Map.entry("ln", Math::log),
            Map.entry("log10", Math::log10),
            Map.entry("log2", GoMath::log2),
            Map.entry("rad", x -> x * Math.PI / 180),
            Map.entry("sgn", GoMath::sign),
            Map.entry("sin", Math::sin),
            Map.entry("sinh", Math::sinh),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("tan", Math::tan),
            Map.entry("tanh", Math::tanh),
            Map.entry("day_of_month", seconds -> Calendar.of(seconds).day()),
            Map.entry("day_of_week", seconds -> Calendar.of(seconds).weekday()),
            Map.entry("day_of_year", seconds -> Calendar.of(seconds).dayOfYear()),
            Map.entry("days_in_month", seconds -> Calendar.of(seconds).daysInMonth()),
            Map.entry("hour", seconds -> Calendar.of(seconds).hour()),
            Map.entry("minute", seconds -> Calendar.of(seconds).minute()),
            Map.entry("month", seconds -> Calendar.of(seconds).month()),
            Map.entry("year", seconds -> Calendar.of(seconds).year()));

    private MathFunctions() {}

    static @Nullable DoubleUnaryOperator find(String name) {
        return BY_NAME.get(name);
    }
}
