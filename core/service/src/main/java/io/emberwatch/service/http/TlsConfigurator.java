package io.emberwatch.service.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
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

    /** Curves as Go names them, and as TLS does. */
    static final Map<String, String> CURVES = new TreeMap<>(
            Map.of("CurveP256", "secp256r1", "CurveP384", "secp384r1", "CurveP521", "secp521r1", "X25519", "x25519"));

    private final Supplier<TlsServerConfig> current;
    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager trust;
    private List<Object> stamp;

    private TlsConfigurator(
            Supplier<TlsServerConfig> current,
            SSLContext context,
            X509ExtendedKeyManager keys,
            X509ExtendedTrustManager trust,
            List<Object> stamp) {
        super(context);
        this.current = current;
        this.keys = keys;
        this.trust = trust;
        this.stamp = stamp;
    }

    /**
     * @param current the configuration at any time
     * @throws IOException when the files cannot be used or a cipher suite is not known
     */
    static TlsConfigurator of(Supplier<TlsServerConfig> current) throws IOException {
        TlsServerConfig config = current.get();
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
        return new TlsConfigurator(current, context, keys, trust, stamp);
    }

    @Override
    public void configure(HttpsParameters parameters) {
        TlsServerConfig config = current.get();
        reread(config);
        SSLParameters tls = getSSLContext().getDefaultSSLParameters();
        tls.setProtocols(
                TlsVersion.protocols(config.minVersion(), config.maxVersion()).toArray(String[]::new));
        if (!config.cipherSuites().isEmpty()) {
            tls.setCipherSuites(config.cipherSuites().toArray(String[]::new));
        }
        if (!config.curvePreferences().isEmpty()) {
            setNamedGroups(
                    tls, config.curvePreferences().stream().map(CURVES::get).toArray(String[]::new));
        }
        tls.setUseCipherSuitesOrder(config.preferServerCipherSuites());
        if (config.clientAuthType().isRequired()) {
            tls.setNeedClientAuth(true);
        } else {
            tls.setWantClientAuth(config.clientAuthType() != ClientAuthType.NO_CLIENT_CERT);
        }
        parameters.setSSLParameters(tls);
    }

    // SSLParameters.setNamedGroups is there since Java 20.
    private static void setNamedGroups(SSLParameters tls, String[] groups) {
        try {
            SSLParameters.class.getMethod("setNamedGroups", String[].class).invoke(tls, (Object) groups);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            logger.debug("curve_preferences cannot be set on this Java: {}", e.toString());
        }
    }

    private synchronized void reread(TlsServerConfig config) {
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
