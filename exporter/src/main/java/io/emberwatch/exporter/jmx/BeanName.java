package io.emberwatch.exporter.jmx;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bean's name, taken apart with its properties in the order in which they were written.
 *
 * @param properties quoted values keep their quotes
 */
record BeanName(String domain, Map<String, String> properties) {
    static BeanName parse(String text) {
        int colon = text.indexOf(':');
        String domain = colon < 0 ? text : text.substring(0, colon);
        Map<String, String> properties = new LinkedHashMap<>();
        int i = colon + 1;
        while (colon >= 0 && i < text.length()) {
            int equals = text.indexOf('=', i);
            if (equals < 0) {
                break;
            }
            int end = valueEnd(text, equals + 1);
            properties.put(text.substring(i, equals), text.substring(equals + 1, end));
            i = end + 1;
        }
        return new BeanName(domain, properties);
    }

    private static int valueEnd(String text, int from) {
        boolean quoted = from < text.length() && text.charAt(from) == '"';
        for (int i = quoted ? from + 1 : from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (quoted && c == '"') {
                quoted = false;
            } else if (!quoted && c == ',') {
                return i;
            }
        }
        return text.length();
    }
}
