package io.emberwatch.service.promapi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts and who it says it is; files in PEM, read when the client is made.
 *
 * @param caFile certificates of the authorities to trust, in place of the system's
 * @param certFile the client's certificate, with key_file
 * @param keyFile the client's key
 */
public record PrometheusTls(
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile) {
    public PrometheusTls {
        if ((certFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException("cert_file: a certificate and a key belong together");
        }
    }

    /** The same client with these files; the message names the file that cannot be used. */
    OkHttpClient secured(OkHttpClient plain) throws IOException {
        X509ExtendedTrustManager trust = TrustManagerUtils.createTrustManagerWithJdkTrustedCertificates();
        if (caFile != null) {
            String text = text("ca_file", caFile);
            try {
                trust = PemUtils.parseTrustMaterial(text);
            } catch (RuntimeException e) {
                throw new IOException("tls.ca_file: " + caFile + ": no certificate in PEM that can be read", e);
            }
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), new TrustManager[] {trust}, null);
            return plain.newBuilder()
                    .sslSocketFactory(context.getSocketFactory(), trust)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }

    private KeyManager[] keys() throws IOException {
        if (certFile == null || keyFile == null) {
            return new KeyManager[0];
        }
        String certificate = text("cert_file", certFile);
        String key = text("key_file", keyFile);
        try {
            return new KeyManager[] {PemUtils.parseIdentityMaterial(certificate, key, null)};
        } catch (RuntimeException e) {
            throw new IOException("tls.cert_file: " + certFile + " and " + keyFile + " cannot be used together", e);
        }
    }

    private static String text(String key, Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException("tls." + key + ": " + file + " cannot be read", e);
        }
    }
}
