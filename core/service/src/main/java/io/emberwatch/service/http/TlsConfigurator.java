package io.emberwatch.service.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for the JDK's server. Looks at the files before every handshake; when they changed, connections use what they
 * hold from then on, and when that is unusable the old certificates stay.
 */
final class TlsConfigurator extends HttpsConfigurator {
    private static final Logger logger = LoggerFactory.getLogger("http");

    private final TlsServerConfig config;
    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager trust;
    private List<Object> stamp;

    private TlsConfigurator(
            TlsServerConfig config,
            SSLContext context,
            X509ExtendedKeyManager keys,
            X509ExtendedTrustManager trust,
            List<Object> stamp) {
        super(context);
        this.config = config;
        this.keys = keys;
        this.trust = trust;
        this.stamp = stamp;
    }

    /** @throws IOException when the files cannot be used or a cipher suite is not known */
    static TlsConfigurator of(TlsServerConfig config) throws IOException {
        List<Object> stamp = TlsFiles.stamp(config);
        TlsFiles files = TlsFiles.read(config);
        X509ExtendedKeyManager keys = KeyManagerUtils.createSwappableKeyManager(files.keys());
        X509ExtendedTrustManager trust = TrustManagerUtils.createSwappableTrustManager(files.trust());
        SSLContext context;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IOException("tls_server_config: " + e.getMessage(), e);
        }
        List<String> supported =
                Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        for (String suite : config.cipherSuites()) {
            if (!supported.contains(suite)) {
                throw new IOException("tls_server_config.cipher_suites: " + suite + ": not known to this Java");
            }
        }
        return new TlsConfigurator(config, context, keys, trust, stamp);
    }

    @Override
    public void configure(HttpsParameters parameters) {
        reread();
        SSLParameters tls = getSSLContext().getDefaultSSLParameters();
        tls.setProtocols(
                TlsVersion.protocols(config.minVersion(), config.maxVersion()).toArray(String[]::new));
        if (!config.cipherSuites().isEmpty()) {
            tls.setCipherSuites(config.cipherSuites().toArray(String[]::new));
        }
        tls.setUseCipherSuitesOrder(config.preferServerCipherSuites());
        if (config.clientAuthType().isRequired()) {
            tls.setNeedClientAuth(true);
        } else {
            tls.setWantClientAuth(config.clientAuthType() != ClientAuthType.NO_CLIENT_CERT);
        }
        parameters.setSSLParameters(tls);
    }

    private synchronized void reread() {
        List<Object> now = TlsFiles.stamp(config);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            TlsFiles files = TlsFiles.read(config);
            KeyManagerUtils.swapKeyManager(keys, files.keys());
            TrustManagerUtils.swapTrustManager(trust, files.trust());
            logger.atInfo().addKeyValue("cert_file", config.certFile()).log("certificates read again");
        } catch (IOException | RuntimeException e) {
            logger.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("changed certificates cannot be used, the old ones stay");
        }
    }
}
