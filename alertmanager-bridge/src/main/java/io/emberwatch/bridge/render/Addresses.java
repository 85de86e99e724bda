package io.emberwatch.bridge.render;

import io.emberwatch.model.Labels;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows which addresses people can follow: those of the bridge's own page, and those in alerts, made reachable. */
public final class Addresses {
    private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z_][a-zA-Z0-9_]*)}");
    private static final Pattern OWN_PATH = Pattern.compile("/[^/\\\\].*");

    private final LinksConfig config;
    private final String page;

    /** @param page where people find the bridge's own page; null when nowhere */
    public Addresses(LinksConfig config, @Nullable String page) {
        this.config = config;
        this.page = page == null ? "" : Links.safe(page).replaceAll("/+$", "");
    }

    /** Every address as it is. */
    public static Addresses of(@Nullable String page) {
        return new Addresses(LinksConfig.NONE, page);
    }

    /** Where the page shows an incident, or the empty string. */
    public String incident(String id) {
        return page.isEmpty() ? "" : page + "/notifications.html?search=" + encode(id);
    }

    /** Where all alerts of an incident are listed, or the empty string. */
    public String alerts(String id) {
        return page.isEmpty() ? "" : page + "/bridge/incidents/alerts?id=" + encode(id);
    }

    /** An address as people reach it; not yet safe to stand in markup. */
    public String reachable(String address) {
        for (LinksConfig.Rewrite rewrite : config.rewrite()) {
            if (address.startsWith(rewrite.from()) && isWhole(rewrite.from(), address)) {
                return rewrite.to() + address.substring(rewrite.from().length());
            }
        }
        return address;
    }

    // http://host:9090 is not the beginning of http://host:90900.
    private static boolean isWhole(String from, String address) {
        return address.length() == from.length()
                || from.endsWith("/")
                || "/?#".indexOf(address.charAt(from.length())) >= 0;
    }

    /** The addresses that an alert names for its reader, by what to call them; safe to stand in markup. */
    public Map<String, String> of(Labels labels, Labels annotations, String generatorUrl) {
        Map<String, String> links = new LinkedHashMap<>();
        for (String kind : new String[] {"runbook", "dashboard"}) {
            put(links, kind, annotations.get(kind + "_url"));
            put(links, kind, annotations.get(kind));
        }
        put(links, "runbook", filled(config.runbook(), labels));
        put(links, "dashboard", filled(config.dashboard(), labels));
        put(links, "graph", generatorUrl);
        return links;
    }

    private void put(Map<String, String> links, String name, String address) {
        String given = address.strip();
        if (given.isEmpty()) {
            return;
        }
        String whole = OWN_PATH.matcher(given).matches() ? page + given : reachable(given);
        String safe = Links.safe(whole);
        if (!safe.isEmpty()) {
            links.putIfAbsent(name, safe);
        }
    }

    // An address with a hole would lead somewhere else.
    private static String filled(@Nullable String template, Labels labels) {
        if (template == null) {
            return "";
        }
        StringBuilder address = new StringBuilder();
        Matcher place = PLACE.matcher(template);
        while (place.find()) {
            String value = labels.get(place.group(1));
            if (value.isEmpty()) {
                return "";
            }
            place.appendReplacement(address, Matcher.quoteReplacement(encode(value)));
        }
        return place.appendTail(address).toString();
    }

    /**
     * Where Alertmanager's own page begins a silence for these labels; the empty string without labels or an address.
     *
     * @param sender what the notification says its sender's address is, may be empty
     */
    public String silence(String sender, Labels labels) {
        // What the bridge's own rule engine tells is not at Alertmanager.
        if (!page.isEmpty() && Links.safe(sender).replaceAll("/+$", "").equals(page)) {
            return "";
        }
        URI given = config.alertmanager();
        String base = (given == null ? reachable(sender) : given.toString()).replaceAll("/+$", "");
        if (labels.isEmpty() || base.isEmpty()) {
            return "";
        }
        return Links.safe(base + "/#/silences/new?filter=" + encode(labels.toString()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
