package io.emberwatch.rules.scrape;

import io.emberwatch.model.text.TextFormat;
import io.emberwatch.rules.settings.MappingReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exposition formats that a scrape can ask for, under their names in {@code scrape_protocols}. */
enum ScrapeProtocol {
    OPENMETRICS_1_0_0(
            "OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0", true, TextFormat.OPENMETRICS_1_0),
    OPENMETRICS_0_0_1(
            "OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1", false, TextFormat.OPENMETRICS_1_0),
    TEXT_1_0_0("PrometheusText1.0.0", "text/plain;version=1.0.0", true, TextFormat.PROMETHEUS_0_0_4),
    TEXT_0_0_4("PrometheusText0.0.4", "text/plain;version=0.0.4", false, TextFormat.PROMETHEUS_0_0_4);

    static final List<ScrapeProtocol> DEFAULT = List.of(values());

    private final String text;
    private final String mediaType;
    private final boolean escaping;
    private final TextFormat format;

    ScrapeProtocol(String text, String mediaType, boolean escaping, TextFormat format) {
        this.text = text;
        this.mediaType = mediaType;
        this.escaping = escaping;
        this.format = format;
    }

    TextFormat format() {
        return format;
    }

    /** The Accept header of Prometheus 3: the first protocol is the most wanted. */
    static String accept(List<ScrapeProtocol> protocols, String escapingScheme) {
        StringBuilder header = new StringBuilder();
        int weight = protocols.size() + 2;
        for (ScrapeProtocol protocol : protocols) {
            header.append(protocol.mediaType);
            if (protocol.escaping) {
                header.append(";escaping=").append(escapingScheme);
            }
            header.append(";q=0.").append(weight--).append(',');
        }
        return header.append("*/*;q=0.").append(weight).toString();
    }

    static List<ScrapeProtocol> read(MappingReader reader, List<ScrapeProtocol> fallback) {
        if (!reader.has("scrape_protocols")) {
            return fallback;
        }
        List<ScrapeProtocol> protocols = new ArrayList<>();
        Set<ScrapeProtocol> seen = EnumSet.noneOf(ScrapeProtocol.class);
        for (String name : reader.texts("scrape_protocols")) {
            ScrapeProtocol protocol = named(name);
            if (name.equals("PrometheusProto")) {
                reader.problem("scrape_protocols", "PrometheusProto is not supported here; remove it");
            } else if (protocol == null) {
                reader.problem("scrape_protocols", name + ": unknown scrape protocol");
            } else if (!seen.add(protocol)) {
                reader.problem("scrape_protocols", name + ": duplicated protocol");
            } else {
                protocols.add(protocol);
            }
        }
        if (reader.texts("scrape_protocols").isEmpty()) {
            reader.problem("scrape_protocols", "scrape_protocols cannot be empty");
        }
        return List.copyOf(protocols);
    }

    static @Nullable TextFormat readFallback(MappingReader reader) {
        String name = reader.text("fallback_scrape_protocol");
        if (name == null) {
            return null;
        }
        ScrapeProtocol protocol = named(name);
        if (protocol == null) {
            reader.problem("fallback_scrape_protocol", name + ": unknown or unsupported scrape protocol");
            return null;
        }
        return protocol.format;
    }

    private static @Nullable ScrapeProtocol named(String name) {
        for (ScrapeProtocol protocol : values()) {
            if (protocol.text.equals(name)) {
                return protocol;
            }
        }
        return null;
    }
}
