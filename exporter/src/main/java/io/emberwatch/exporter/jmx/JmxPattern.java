package io.emberwatch.exporter.jmx;

/** Patterns written for Java's engine, for one that needs linear time. */
final class JmxPattern {
    private JmxPattern() {}

    /**
     * The same pattern without possessive quantifiers, which people add for speed and which mean the same here for what
     * they match in practice.
     */
    static String translated(String pattern) {
        StringBuilder out = new StringBuilder(pattern.length());
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                out.append(c).append(pattern.charAt(++i));
                continue;
            }
            inClass = c == '[' || (inClass && c != ']');
            boolean possessive = c == '+'
                    && !inClass
                    && i > 0
                    && (pattern.charAt(i - 1) == '+' || pattern.charAt(i - 1) == '*' || pattern.charAt(i - 1) == '?')
                    && (i < 2 || pattern.charAt(i - 2) != '\\');
            if (!possessive) {
                out.append(c);
            }
        }
        return out.toString();
    }
}
