package io.emberwatch.rules.settings;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Turns {@code tls_config} into what the HTTP client needs. */
final class TlsContext {
    private TlsContext() {}

    /** @throws IOException when certificates or keys cannot be used */
    static void apply(TlsSettings settings, OkHttpClient.Builder client) throws IOException {
        try {
            X509ExtendedTrustManager trust =
                    settings.insecure() ? TrustManagerUtils.createUnsafeTrustManager() : trust(settings.ca());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings), new TrustManager[] {trust}, null);
            client.sslSocketFactory(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("tls_config cannot be used: " + e.getMessage(), e);
        }
        if (settings.insecure()) {
            client.hostnameVerifier((host, session) -> true);
        }
    }

    private static X509ExtendedTrustManager trust(@Nullable Credential ca) throws IOException {
        return ca == null
                ? TrustManagerUtils.createTrustManagerWithJdkTrustedCertificates()
                : PemUtils.parseTrustMaterial(ca.reveal());
    }

    private static KeyManager[] keys(TlsSettings settings) throws IOException {
        if (settings.certificate() == null || settings.key() == null) {
            return new KeyManager[0];
        }
        return new KeyManager[] {
            PemUtils.parseIdentityMaterial(
                    settings.certificate().reveal(), settings.key().reveal(), null)
        };
    }
}
