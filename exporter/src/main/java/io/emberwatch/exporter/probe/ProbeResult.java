package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.status.Families;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What one probe finds, in blackbox_exporter's words. Not safe for several threads. */
final class ProbeResult {
    static final String FAILED_BY_REGEX = "probe_failed_due_to_regex";

    private static final double MILLIS = 1000;
    private static final double NANOS = 1e9;

    private final Families families = new Families();
    private final AtomicReference<@Nullable Closeable> open = new AtomicReference<>();
    private final Predicate<String> reach;
    private String reason = "";

    /** @param reach whether the probe may go to where it is sent on */
    ProbeResult(Predicate<String> reach) {
        this.reach = reach;
    }

    /** Whether the probe may go on to this address. */
    boolean mayReach(String address) {
        return reach.test(address);
    }

    Families families() {
        return families;
    }

    /** What to close when the time is up. */
    void opened(Closeable connection) {
        open.set(connection);
    }

    /** Cuts a probe off whose time is up; may be called by another thread. */
    void abort() {
        Closeable connection = open.get();
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is closed all the same.
            }
        }
    }

    /** Says why it failed; the first reason stays. */
    boolean failed(String why) {
        reason = reason.isEmpty() ? why : reason;
        return false;
    }

    String reason() {
        return reason;
    }

    void resolved(long nanos, InetAddress address) {
        families.gauge(
                "probe_dns_lookup_time_seconds",
                "Returns the time taken for probe dns lookup in seconds",
                nanos / NANOS);
        families.gauge(
                "probe_ip_protocol",
                "Specifies whether probe ip protocol is IP4 or IP6",
                address.getAddress().length == 4 ? 4 : 6);
        CRC32 hash = new CRC32();
        hash.update(address.getAddress());
        families.gauge(
                "probe_ip_addr_hash",
                "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
                hash.getValue());
    }

    void failedByRegex(boolean failed) {
        gauge(FAILED_BY_REGEX, "Indicates if probe failed due to regex", failed ? 1 : 0);
    }

    /** What TLS was spoken, and how long the certificates hold. */
    void tls(String version, String cipher, List<? extends Certificate> chain) {
        double earliest = Double.POSITIVE_INFINITY;
        for (Certificate certificate : chain) {
            if (certificate instanceof X509Certificate x509) {
                earliest = Math.min(earliest, notAfter(x509));
            }
        }
        if (Double.isFinite(earliest)) {
            families.gauge("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime", earliest);
            families.gauge(
                    "probe_ssl_last_chain_expiry_timestamp_seconds",
                    "Returns last SSL chain expiry in timestamp",
                    earliest);
        }
        families.gauge(
                "probe_tls_version_info",
                "Returns the TLS version used or NaN when unknown",
                1,
                "version",
                version.replace("TLSv", "TLS ").replaceFirst("TLS 1$", "TLS 1.0"));
        families.gauge(
                "probe_tls_cipher_info", "Returns the TLS cipher negotiated during handshake", 1, "cipher", cipher);
        if (!chain.isEmpty() && chain.get(0) instanceof X509Certificate leaf) {
            leaf(leaf);
        }
    }

    @SuppressWarnings("JavaUtilDate") // What certificates hold.
    private static double notAfter(X509Certificate certificate) {
        return Math.floor(certificate.getNotAfter().getTime() / MILLIS);
    }

    private void leaf(X509Certificate leaf) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
            families.gauge(
                    "probe_ssl_last_chain_info",
                    "Contains SSL leaf certificate information",
                    1,
                    "fingerprint_sha256",
                    HexFormat.of().formatHex(digest),
                    "subject",
                    leaf.getSubjectX500Principal().getName(),
                    "issuer",
                    leaf.getIssuerX500Principal().getName(),
                    "subjectalternative",
                    alternatives(leaf),
                    "serialnumber",
                    leaf.getSerialNumber().toString(16));
        } catch (GeneralSecurityException e) {
            families.gauge("probe_ssl_last_chain_info", "Contains SSL leaf certificate information", 1);
        }
    }

    private static String alternatives(X509Certificate leaf) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        if (leaf.getSubjectAlternativeNames() != null) {
            for (List<?> name : leaf.getSubjectAlternativeNames()) {
                if (Integer.valueOf(2).equals(name.get(0))) {
                    names.add(String.valueOf(name.get(1)));
                }
            }
        }
        return String.join(",", names);
    }

    /** @param seconds by phase, in the order of blackbox_exporter */
    void phases(Map<String, Double> seconds) {
        new TreeMap<>(seconds)
                .forEach((phase, value) -> families.gauge(
                        "probe_http_duration_seconds",
                        "Duration of http request by phase, summed over all redirects",
                        value,
                        "phase",
                        phase));
    }

    void gauge(String name, String help, double value) {
        families.gauge(name, help, value);
    }
}
