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
        String certificates = text("cert_file", config.certFile());
        String key = text("key_file", config.keyFile());
        X509Certificate own =
                certificates("cert_file", config.certFile(), certificates).get(0);
        PrivateKey privateKey;
        try {
            privateKey = PemUtils.parsePrivateKey(key);
        } catch (RuntimeException e) {
            throw unusable("key_file", config.keyFile(), "no private key in PEM that can be read", e);
        }
        if (!belongTogether(own, privateKey)) {
            throw unusable("key_file", config.keyFile(), "the key does not belong to " + config.certFile(), null);
        }
        X509ExtendedTrustManager trust = TrustManagerUtils.createUnsafeTrustManager();
        Path authorities = config.clientCaFile();
        if (authorities != null) {
            String text = text("client_ca_file", authorities);
            certificates("client_ca_file", authorities, text);
            trust = PemUtils.parseTrustMaterial(text);
        }
        return new TlsFiles(PemUtils.parseIdentityMaterial(certificates, key, null), trust);
    }

    /** Changes whenever a file does, and when one comes or goes. */
    static List<Object> stamp(TlsServerConfig config) {
        List<Object> stamp = new ArrayList<>();
        List<Path> files = new ArrayList<>(List.of(config.certFile(), config.keyFile()));
        if (config.clientCaFile() != null) {
            files.add(config.clientCaFile());
        }
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

    private static String text(String key, Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw unusable(key, file, "is larger than " + LARGEST + " bytes", null);
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unusable(key, file, "no such file", e);
        }
    }

    private static List<X509Certificate> certificates(String key, Path file, String text) throws IOException {
        List<X509Certificate> certificates;
        try {
            certificates = PemUtils.parseCertificate(text);
        } catch (RuntimeException e) {
            throw unusable(key, file, "no certificate in PEM that can be read", e);
        }
        if (certificates.isEmpty()) {
            throw unusable(key, file, "no certificate in PEM in it", null);
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

    private static IOException unusable(String key, Path file, String reason, @Nullable Exception cause) {
        return new IOException("tls_server_config." + key + ": " + file + ": " + reason, cause);
    }
}
