package io.emberwatch.rules.settings;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts variables of the environment into external labels, as Prometheus does: {@code ${NAME}}, {@code $NAME}, {@code $$}. */
public final class EnvironmentText {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\$|\\{(\\w+)}|(\\w+))");

    private EnvironmentText() {}

    /** @param environment gives the value of a name; null, as for one that is not set, becomes nothing */
    public static String expand(String text, UnaryOperator<@Nullable String> environment) {
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            String value = name == null ? "$" : environment.apply(name);
            return Matcher.quoteReplacement(value == null ? "" : value);
        });
    }
}
