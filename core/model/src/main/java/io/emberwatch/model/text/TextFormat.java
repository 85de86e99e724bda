package io.emberwatch.model.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The exposition formats that Emberwatch writes and reads. */
public enum TextFormat {
    PROMETHEUS_0_0_4("text/plain; version=0.0.4; charset=utf-8"),
    OPENMETRICS_1_0("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The value of the Content-Type header. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format to answer with, by the quality values of an Accept header (RFC 9110 §12.5.1).
     *
     * <p>Versions 1.0.0 and 0.0.1 of OpenMetrics, or none, ask for OpenMetrics 1.0; version 0.0.4 of {@code text/plain},
     * or none, for 0.0.4; a wildcard for either. Of equal qualities the more precise range wins, then the one named
     * first. Quality 0 excludes a format as long as another one is acceptable. Other parameters, {@code escaping} among
     * them, are ignored: the names written are valid under every escaping scheme.
     *
     * @param accept the header, or null when there was none; 0.0.4 is the answer to whatever is not understood
     */
    public static TextFormat negotiate(@Nullable String accept) {
        if (accept == null) {
            return PROMETHEUS_0_0_4;
        }
        Preference plain = Preference.none();
        Preference openMetrics = Preference.none();
        int position = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            MediaRange media = MediaRange.parse(range, position++);
            plain = plain.refinedBy(media, "text", "plain", "0.0.4");
            openMetrics = openMetrics.refinedBy(media, "application", "openmetrics-text", "1.0.0", "0.0.1");
        }
        return openMetrics.isBetterThan(plain) ? OPENMETRICS_1_0 : PROMETHEUS_0_0_4;
    }

    /** How much a format is wanted: the quality of the most precise range that covers it. */
    private record Preference(double quality, int precision, int position) {
        static Preference none() {
            return new Preference(0, 0, Integer.MAX_VALUE);
        }

        Preference refinedBy(MediaRange range, String type, String subtype, String... versions) {
            int matched = range.precisionFor(type, subtype, versions);
            boolean better = matched > precision || (matched == precision && matched > 0 && range.quality() > quality);
            return better ? new Preference(range.quality(), matched, range.position()) : this;
        }

        boolean isBetterThan(Preference other) {
            if (quality != other.quality) {
                return quality > other.quality;
            }
            if (quality == 0 || precision != other.precision) {
                return quality > 0 && precision > other.precision;
            }
            return position < other.position;
        }
    }

    /** One entry of an Accept header; the quality is NaN where it cannot be read, so that it is never better. */
    private record MediaRange(
            String type, String subtype, @Nullable String version, double quality, int position) {
        static MediaRange parse(String range, int position) {
            String[] parts = range.split(";", -1);
            String media = parts[0].strip();
            int slash = media.indexOf('/');
            String version = null;
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip();
                if (parameter.startsWith("version=")) {
                    version = unquoted(parameter.substring("version=".length()));
                } else if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring("q=".length()));
                }
            }
            return new MediaRange(
                    slash < 0 ? media : media.substring(0, slash),
                    slash < 0 ? "" : media.substring(slash + 1),
                    version,
                    quality,
                    position);
        }

        private static String unquoted(String value) {
            boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
            return quoted ? value.substring(1, value.length() - 1) : value;
        }

        private static double quality(String text) {
            try {
                double quality = FloatText.parse(text.strip());
                return quality >= 0 && quality <= 1 ? quality : Double.NaN;
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }

        /** 0 when the range does not cover the format, otherwise more the more it says about it. */
        int precisionFor(String wantedType, String wantedSubtype, String... versions) {
            if (Double.isNaN(quality)) {
                return 0;
            }
            if (type.equals("*") && subtype.equals("*")) {
                return 1;
            }
            if (!type.equals(wantedType)) {
                return 0;
            }
            if (subtype.equals("*")) {
                return 2;
            }
            if (!subtype.equals(wantedSubtype)) {
                return 0;
            }
            if (version == null) {
                return 3;
            }
            for (String known : versions) {
                if (known.equals(version)) {
                    return 4;
                }
            }
            return 0;
        }
    }
}
