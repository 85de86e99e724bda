package io.emberwatch.service.log;

/** Keeps a log line one line: what comes from outside cannot begin a line of its own or steer a terminal. */
final class LogText {
    private LogText() {}

    /** Appends a value, in quotes when it is empty or holds a blank, a quote, an equals sign or a control character. */
    static void appendValue(String value, StringBuilder line) {
        boolean bare =
                !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '=' || isControl(c));
        if (bare) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                append(c, line);
            }
        }
        line.append('"');
    }

    /** Appends text with its control characters escaped. */
    static void appendLine(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            append(text.charAt(i), line);
        }
    }

    private static void append(char c, StringBuilder line) {
        if (c == '\n') {
            line.append("\\n");
        } else if (c == '\r') {
            line.append("\\r");
        } else if (c == '\t') {
            line.append("\\t");
        } else if (isControl(c)) {
            line.append(String.format("\\u%04x", (int) c));
        } else {
            line.append(c);
        }
    }

    // The two separators end a line for some readers.
    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }
}
