package io.emberwatch.rules.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that templates may call.
 *
 * @param parameters the types of its arguments; with {@code variadic}, the last stands for any number more
 */
record TemplateFunction(List<Parameter> parameters, boolean variadic, Body body) {
    /** The Go types of parameters. */
    enum Parameter {
        ANY("interface {}"),
        STRING("string"),
        VECTOR("template.queryResult"),
        ELEMENT("*template.sample");

        private final String text;

        Parameter(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean takes(@Nullable Object value) {
            return switch (this) {
                case ANY -> true;
                case STRING -> value instanceof String;
                case VECTOR -> value instanceof GoValue.Vector;
                case ELEMENT -> value instanceof GoValue.Element;
            };
        }
    }

    /** What it does. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object call(List<@Nullable Object> args, Expansion expansion) throws TemplateException;
    }

    TemplateFunction {
        parameters = List.copyOf(parameters);
    }

    Parameter parameter(int index) {
        return parameters.get(Math.min(index, parameters.size() - 1));
    }

    /** What is wrong with a number of arguments, or null. */
    @Nullable
    String wrongCount(String name, int given) {
        int fixed = variadic ? parameters.size() - 1 : parameters.size();
        if (variadic ? given >= fixed : given == fixed) {
            return null;
        }
        return "wrong number of args for " + name + ": want " + (variadic ? "at least " : "") + fixed + " got " + given;
    }
}
