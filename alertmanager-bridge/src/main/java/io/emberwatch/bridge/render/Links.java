package io.emberwatch.bridge.render;

import java.net.URI;
import java.net.URISyntaxException;

/** Addresses in alerts: followed only when they are what they should be. */
public final class Links {
    private static final int MAX_LENGTH = 2000;

    private Links() {}

    /** The address, made safe to stand in markup, when it is an absolute http or https one; otherwise nothing. */
    public static String safe(String address) {
        String trimmed = address.strip();
        if (trimmed.isEmpty() || trimmed.length() > MAX_LENGTH) {
            return "";
        }
        StringBuilder encoded = new StringBuilder(trimmed.length());
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c <= ' ' || "<>\"'`()[]{}|\\^*_~@".indexOf(c) >= 0) {
                encoded.append(String.format("%%%02X", (int) c));
            } else {
                encoded.append(c);
            }
        }
        try {
            URI uri = new URI(encoded.toString());
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? uri.toASCIIString() : "";
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
