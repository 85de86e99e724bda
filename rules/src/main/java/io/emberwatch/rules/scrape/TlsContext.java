package io.emberwatch.rules.scrape;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Turns {@code tls_config} into what the HTTP client needs. */
final class TlsContext {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END [A-Z ]*PRIVATE KEY-----");

    private TlsContext() {}

    static void apply(TlsSettings settings, OkHttpClient.Builder client) throws IOException, GeneralSecurityException {
        X509TrustManager trust = settings.insecure() ? new TrustsAnybody() : trust(settings.ca());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(settings), new TrustManager[] {trust}, null);
        client.sslSocketFactory(context.getSocketFactory(), trust);
        if (settings.insecure()) {
            client.hostnameVerifier((host, session) -> true);
        }
    }

    private static X509TrustManager trust(@Nullable Credential ca) throws IOException, GeneralSecurityException {
        KeyStore store = null;
        if (ca != null) {
            store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(ca.reveal())) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static KeyManager @Nullable [] keys(TlsSettings settings) throws IOException, GeneralSecurityException {
        if (settings.certificate() == null || settings.key() == null) {
            return null;
        }
        KeyStore store = emptyStore();
        Certificate[] chain = certificates(settings.certificate().reveal()).toArray(new Certificate[0]);
        store.setKeyEntry("client", key(settings.key().reveal(), chain[0]), new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(String pem) throws GeneralSecurityException {
        List<Certificate> certificates = new ArrayList<>(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("no certificate in PEM found");
        }
        return certificates;
    }

    private static PrivateKey key(String pem, Certificate certificate) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(pem);
        if (!matcher.find()) {
            throw new GeneralSecurityException("no private key in PEM found");
        }
        if (!matcher.group(1).isEmpty()) {
            throw new InvalidKeySpecException("the private key is "
                    + matcher.group(1).strip() + "; convert it with: openssl pkcs8 -topk8 -nocrypt");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    /** For {@code insecure_skip_verify}: who configures that has decided to trust the network. */
    private static final class TrustsAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
