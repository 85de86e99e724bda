package io.emberwatch.rules.query;

import java.util.List;

/**
 * The signature of a PromQL function.
 *
 * @param name as called
 * @param arguments the types of the arguments, the last of them repeated or optional as {@code variadic} says
 * @param variadic 0: exactly these arguments; n: the last may be missing and up to n more may follow; -1: any number
 * @param returns the type of the result
 * @param experimental whether Prometheus guards it by the feature flag {@code promql-experimental-functions}
 */
public record Function(String name, List<ValueType> arguments, int variadic, ValueType returns, boolean experimental) {
    public Function {
        arguments = List.copyOf(arguments);
    }
}
