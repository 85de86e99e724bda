package io.emberwatch.service.http;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a TLS server asks of its clients, written as in exporter-toolkit, which takes the names from Go. */
public enum ClientAuthType {
    NO_CLIENT_CERT("NoClientCert"),
    /** Asks for a certificate, takes any or none. */
    REQUEST_CLIENT_CERT("RequestClientCert"),
    /** Wants a certificate, takes any. */
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
    /** Takes no certificate, or one that {@code client_ca_file} has signed. */
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
    /** Takes only a certificate that {@code client_ca_file} has signed. */
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

    private final String text;

    ClientAuthType(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with the text and what was expected */
    public static ClientAuthType parse(String text) {
        for (ClientAuthType type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
        }
        throw new IllegalArgumentException(text + ": expected one of "
                + Arrays.stream(values()).map(type -> type.text).collect(Collectors.joining(", ")));
    }

    boolean isRequired() {
        return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
    }

    boolean isVerified() {
        return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
    }
}
