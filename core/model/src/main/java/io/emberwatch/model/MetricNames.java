package io.emberwatch.model;

/**
 * The classic syntax of metric and label names (Prometheus data model, "metric names and labels"): ASCII letters,
 * digits and underscores, not starting with a digit; metric names may also hold colons.
 */
public final class MetricNames {
    private MetricNames() {}

    public static boolean isMetricName(String name) {
        return isName(name, true);
    }

    public static boolean isLabelName(String name) {
        return isName(name, false);
    }

    private static boolean isName(String name, boolean colons) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isPart(name.charAt(i), i, colons)) {
                return false;
            }
        }
        return true;
    }

    /** The name with every character that is not allowed replaced by an underscore; never empty. */
    public static String sanitize(String name) {
        if (name.isEmpty()) {
            return "_";
        }
        StringBuilder clean = new StringBuilder(name.length() + 1);
        if (Character.digit(name.charAt(0), 10) >= 0 && name.charAt(0) < 128) {
            clean.append('_');
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            clean.append(isPart(c, 1, true) ? c : '_');
        }
        return clean.toString();
    }

    private static boolean isPart(char c, int index, boolean colons) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (colons && c == ':')
                || (index > 0 && c >= '0' && c <= '9');
    }
}
