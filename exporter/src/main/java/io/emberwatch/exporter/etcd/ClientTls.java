package io.emberwatch.exporter.etcd;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Certificates from PEM files for a client. */
final class ClientTls {
    private ClientTls() {}

    static OkHttpClient apply(OkHttpClient client, @Nullable Path ca, @Nullable Path cert, @Nullable Path key)
            throws IOException {
        try {
            SSLFactory.Builder factory = SSLFactory.builder();
            if (ca == null) {
                factory.withDefaultTrustMaterial();
            } else {
                X509ExtendedTrustManager trust = PemUtils.loadTrustMaterial(ca);
                factory.withTrustMaterial(trust);
            }
            if (cert != null && key != null) {
                X509ExtendedKeyManager identity = PemUtils.loadIdentityMaterial(cert, key);
                factory.withIdentityMaterial(identity);
            }
            SSLFactory built = factory.build();
            return client.newBuilder()
                    .sslSocketFactory(
                            built.getSslSocketFactory(), built.getTrustManager().orElseThrow())
                    .build();
        } catch (RuntimeException e) {
            throw new IOException("cannot use the certificates (" + ca + ", " + cert + "): " + e.getMessage(), e);
        }
    }
}
