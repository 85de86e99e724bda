package io.emberwatch.exporter.probe;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whether certificates hold today. The platform does not ask that of a certificate that is itself among those to be
 * trusted; whoever probes wants to know.
 */
final class CertificateDates {
    private CertificateDates() {}

    static boolean areCurrent(List<? extends Certificate> chain) {
        try {
            for (Certificate certificate : chain) {
                if (certificate instanceof X509Certificate x509) {
                    x509.checkValidity();
                }
            }
            return true;
        } catch (CertificateException expiredOrNotYetValid) {
            return false;
        }
    }
}
