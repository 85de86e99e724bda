package io.emberwatch.service.http;

import io.emberwatch.service.http.WebConfig.TlsServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.jspecify.annotations.Nullable;

/**
 * What the PEM files of a server held when they were read.
 *
 * @param keys the server's certificate and key
 * @param trust which client certificates are taken
 */
record TlsFiles(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
    private static final int LARGEST = 4 << 20;
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** @throws IOException when a file cannot be used; the message says which and why */
    static TlsFiles read(TlsServerConfig config) throws IOException {
        Pem cert = Pem.read("cert", config.cert(), config.certFile());
        Pem key = Pem.read("key", config.key(), config.keyFile());
        X509Certificate own = certificates(cert).get(0);
        PrivateKey privateKey;
        try {
            privateKey = PemUtils.parsePrivateKey(key.text);
        } catch (RuntimeException e) {
            throw key.unusable("no private key in PEM that can be read", e);
        }
        if (!belongTogether(own, privateKey)) {
            throw key.unusable("the key does not belong to " + cert.place, null);
        }
        X509ExtendedTrustManager trust = TrustManagerUtils.createUnsafeTrustManager();
        if (config.clientAuthType().isVerified()) {
            Pem authorities = Pem.read("client_ca", config.clientCa(), config.clientCaFile());
            certificates(authorities);
            trust = PemUtils.parseTrustMaterial(authorities.text);
        }
        return new TlsFiles(
                PemUtils.parseIdentityMaterial(cert.text, key.text, null),
                config.clientAllowedSans().isEmpty() ? trust : new AllowedNames(trust, config.clientAllowedSans()));
    }

    /**
     * Text in PEM.
     *
     * @param key its key in the configuration
     * @param place the file, or where in the configuration it stands
     */
    private record Pem(String key, String place, String text) {
        static Pem read(String name, @Nullable String inline, @Nullable Path file) throws IOException {
            if (file == null) {
                return new Pem(name, "tls_server_config." + name, String.valueOf(inline));
            }
            Pem pem = new Pem(name + "_file", file.toString(), "");
            try {
                if (Files.size(file) > LARGEST) {
                    throw pem.unusable("is larger than " + LARGEST + " bytes", null);
                }
                return new Pem(pem.key, pem.place, Files.readString(file));
            } catch (NoSuchFileException e) {
                throw pem.unusable("no such file", e);
            }
        }

        IOException unusable(String reason, @Nullable Exception cause) {
            String where = place.startsWith("tls_server_config.") ? place : "tls_server_config." + key + ": " + place;
            return new IOException(where + ": " + reason, cause);
        }

        @Override
        public String toString() {
            return place;
        }
    }

    /** Changes whenever the configuration or a file does, and when one comes or goes. */
    static List<Object> stamp(TlsServerConfig config) {
        List<Object> stamp = new ArrayList<>();
        stamp.add(config);
        List<Path> files = Stream.of(config.certFile(), config.keyFile(), config.clientCaFile())
                .filter(Objects::nonNull)
                .toList();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.add(attributes.lastModifiedTime());
                stamp.add(attributes.size());
                stamp.add(String.valueOf(attributes.fileKey()));
            } catch (IOException e) {
                stamp.add("missing");
            }
        }
        return stamp;
    }

    private static List<X509Certificate> certificates(Pem pem) throws IOException {
        List<X509Certificate> certificates;
        try {
            certificates = PemUtils.parseCertificate(pem.text);
        } catch (RuntimeException e) {
            throw pem.unusable("no certificate in PEM that can be read", e);
        }
        if (certificates.isEmpty()) {
            throw pem.unusable("no certificate in PEM in it", null);
        }
        return certificates;
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        String algorithm = SIGNATURES.get(certificate.getPublicKey().getAlgorithm());
        if (algorithm == null) {
            return true; // a kind of key that only the handshake can judge
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
