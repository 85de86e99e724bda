package io.emberwatch.service.http;

import java.util.ArrayList;
import java.util.List;

/** A version of TLS, written as in exporter-toolkit: {@code TLS12} or {@code TLS13}. */
public enum TlsVersion {
    TLS12("TLSv1.2"),
    TLS13("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /**
     * Reads a name; the broken versions {@code TLS10} and {@code TLS11} are refused.
     *
     * @throws IllegalArgumentException with the text and what was expected
     */
    public static TlsVersion parse(String text) {
        for (TlsVersion version : values()) {
            if (version.name().equals(text)) {
                return version;
            }
        }
        throw new IllegalArgumentException(text + ": expected TLS12 or TLS13");
    }

    /** The names that Java gives to the versions from {@code least} to {@code most}. */
    static List<String> protocols(TlsVersion least, TlsVersion most) {
        List<String> protocols = new ArrayList<>();
        for (TlsVersion version : values()) {
            if (version.compareTo(least) >= 0 && version.compareTo(most) <= 0) {
                protocols.add(version.protocol);
            }
        }
        return protocols;
    }
}
