package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.mapping.Mapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The name of an event and its tags, in whatever style.
 *
 * @param tags label names, escaped, with their values
 * @param tagErrors how many tags could not be read
 */
record EventName(String name, Map<String, String> tags, int tagErrors) {
    /**
     * Reads what stands before the colon, and the tags that stand behind it.
     *
     * @param dogTags what stands behind {@code |#}, may be empty
     */
    static EventName read(String text, String dogTags, String containerId, TagStyles styles) {
        Reading reading = new Reading();
        String name = reading.name(text, styles);
        if (styles.dogstatsd() && !dogTags.isEmpty()) {
            reading.tags(dogTags, ':');
        }
        if (!containerId.isEmpty()) {
            reading.tags.put("container_id", containerId);
        }
        return new EventName(name, reading.tags, reading.errors);
    }

    private static final class Reading {
        private final Map<String, String> tags = new LinkedHashMap<>();
        private int errors;

        String name(String text, TagStyles styles) {
            if (styles.signalfx()) {
                int open = text.indexOf('[');
                int close = text.indexOf(']');
                if (open >= 0 && close > open) {
                    tags(text.substring(open + 1, close), '=');
                    return text.substring(0, open) + text.substring(close + 1);
                } else if (open >= 0 || close >= 0) {
                    errors++;
                    return text;
                }
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c == '#' && styles.librato()) || (c == ',' && styles.influxdb())) {
                    tags(text.substring(i + 1), '=');
                    return text.substring(0, i);
                }
            }
            return text;
        }

        void tags(String text, char separator) {
            if (text.isEmpty()) {
                return;
            }
            String[] parts = text.split(",", -1);
            // A comma at the end ends the last tag and begins no other.
            int count = parts[parts.length - 1].isEmpty() ? parts.length - 1 : parts.length;
            for (int i = 0; i < count; i++) {
                tag(separator == ':' && parts[i].startsWith("#") ? parts[i].substring(1) : parts[i], separator);
            }
        }

        private void tag(String tag, char separator) {
            int at = tag.indexOf(separator);
            if (at <= 0 || at == tag.length() - 1) {
                errors++;
            } else {
                String label = Mapper.escape(tag.substring(0, at));
                tags.put(label.equals("__name__") ? "__name___" : label, tag.substring(at + 1));
            }
        }
    }
}
