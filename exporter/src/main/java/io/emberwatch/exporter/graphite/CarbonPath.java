package io.emberwatch.exporter.graphite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A path with tags, {@code name;key=value;…}.
 *
 * @param tags label names made valid, with their values; of two that come to the same name the later
 * @param faults how many tags could not be read
 */
record CarbonPath(String name, Map<String, String> tags, int faults) {
    static CarbonPath read(String text) {
        int semicolon = text.indexOf(';');
        if (semicolon < 0) {
            return new CarbonPath(text, Map.of(), 0);
        }
        Map<String, String> tags = new LinkedHashMap<>();
        int faults = 0;
        for (String tag : text.substring(semicolon + 1).split(";", -1)) {
            int equals = tag.indexOf('=');
            if (equals <= 0) {
                faults++;
            } else {
                String label = clean(tag.substring(0, equals)).replace(':', '_');
                tags.put(label.equals("__name__") ? "__name___" : label, tag.substring(equals + 1));
            }
        }
        return new CarbonPath(text.substring(0, semicolon), tags, faults);
    }

    /**
     * A name as graphite_exporter makes it: an underscore for every character but ASCII letters, digits, underscores and
     * colons; otherwise than there a leading digit gets an underscore before it, as such names cannot be read.
     */
    static String clean(String name) {
        StringBuilder clean = new StringBuilder(name.length() + 1);
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (i == 0 && digit) {
                clean.append('_');
            }
            boolean allowed = digit || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
            clean.append(allowed ? (char) c : '_');
            i += Character.charCount(c);
        }
        return clean.toString();
    }
}
