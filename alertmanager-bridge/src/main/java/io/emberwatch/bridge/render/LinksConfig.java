package io.emberwatch.bridge.render;

import io.emberwatch.service.config.Default;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where links of messages lead.
 *
 * @param rewrite addresses that only servers know, and what people reach the same under; the first that fits counts
 * @param alertmanager where people reach Alertmanager, for silences; absent for what its notifications say
 * @param runbook the runbook of alerts that name none; {@code {label}} stands for the label's value
 * @param dashboard the dashboard of alerts that name none, likewise
 */
public record LinksConfig(
        @Default("[]") List<Rewrite> rewrite,
        @Nullable URI alertmanager,
        @Nullable String runbook,
        @Nullable String dashboard) {
    /** Every address as it is. */
    public static final LinksConfig NONE = new LinksConfig(List.of(), null, null, null);

    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s{}/]+(/.*)?");

    /**
     * One place under two addresses.
     *
     * @param from what addresses begin with, such as {@code http://prometheus-0:9090}
     * @param to what they begin with instead
     */
    public record Rewrite(String from, String to) {
        public Rewrite {
            requireAddress("from", from);
            requireAddress("to", to);
        }
    }

    public LinksConfig {
        rewrite = List.copyOf(rewrite);
        if (alertmanager != null) {
            requireAddress("alertmanager", alertmanager.toString());
        }
        if (runbook != null) {
            requireAddress("runbook", runbook);
        }
        if (dashboard != null) {
            requireAddress("dashboard", dashboard);
        }
    }

    private static void requireAddress(String key, String address) {
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    key + ": " + address + ": expected an address such as https://host/path");
        }
    }
}
