package io.emberwatch.service.http;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts, of the client certificates that another trusts, those that bear one of these names in subjectAltName. */
final class AllowedNames extends X509ExtendedTrustManager {
    // RFC 5280: rfc822Name, dNSName, uniformResourceIdentifier, iPAddress.
    private static final Set<Integer> KINDS = Set.of(1, 2, 6, 7);

    private final X509ExtendedTrustManager others;
    private final Set<String> allowed;

    AllowedNames(X509ExtendedTrustManager others, Collection<String> allowed) {
        this.others = others;
        this.allowed = Set.copyOf(allowed);
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0) instanceof Integer kind
                        && KINDS.contains(kind)
                        && name.get(1) instanceof String text
                        && allowed.contains(text)) {
                    return;
                }
            }
        }
        throw new CertificateException("no name of the certificate is one of client_allowed_sans");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        others.checkClientTrusted(chain, type);
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        others.checkClientTrusted(chain, type, socket);
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        others.checkClientTrusted(chain, type, engine);
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        others.checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        others.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        others.checkServerTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return others.getAcceptedIssuers();
    }
}
