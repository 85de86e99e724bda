package io.emberwatch.exporter.etcd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM (RFC 7468): PKCS#8 (RFC 5208), PKCS#1 (RFC 8017) and SEC1 (RFC 5915) keys. */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    // AlgorithmIdentifier rsaEncryption with NULL parameters, and the object identifier ecPublicKey.
    private static final byte[] RSA_IDENTIFIER = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC_OBJECT_ID = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final byte[] VERSION_ZERO = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int PARAMETERS = 0xa0;

    private PemFiles() {}

    /** @throws IOException when there is none, or it cannot be read; the message names the file */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(file));
        while (blocks.find()) {
            if (blocks.group(1).equals("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(decode(blocks.group(2)))));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new IOException(file + ": a certificate cannot be read: " + e.getMessage(), e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + ": holds no certificate in PEM");
        }
        return certificates;
    }

    /** @throws IOException when there is none, or it cannot be read; the message names the file, never the key */
    static PrivateKey privateKey(Path file) throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(file));
        while (blocks.find()) {
            try {
                switch (blocks.group(1)) {
                    case "PRIVATE KEY":
                        return pkcs8(decode(blocks.group(2)));
                    case "RSA PRIVATE KEY":
                        return pkcs8(wrap(RSA_IDENTIFIER, decode(blocks.group(2))));
                    case "EC PRIVATE KEY":
                        return pkcs8(wrapEc(decode(blocks.group(2))));
                    default:
                        continue; // such as EC PARAMETERS, which openssl writes before the key
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IOException(file + ": the private key cannot be read", e);
            }
        }
        throw new IOException(file + ": holds no private key in PEM that is not encrypted");
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("no algorithm reads the key");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    private static byte[] wrapEc(byte[] key) {
        return wrap(der(SEQUENCE, EC_OBJECT_ID, curve(key)), key);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, VERSION_ZERO, algorithm, der(OCTET_STRING, key));
    }

    /** The curve's object identifier, in the field [0] of an EC private key. */
    private static byte[] curve(byte[] key) {
        Der sequence = Der.at(key, 0);
        for (int at = sequence.from; at < sequence.to; ) {
            Der field = Der.at(key, at);
            if (field.tag == PARAMETERS) {
                return Arrays.copyOfRange(key, field.from, field.to);
            }
            at = field.to;
        }
        throw new IllegalArgumentException("the key does not name its curve");
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        int length = body.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    /** Where one element's contents are. */
    private record Der(int tag, int from, int to) {
        static Der at(byte[] bytes, int at) {
            if (at + 2 > bytes.length) {
                throw new IllegalArgumentException("the key is cut");
            }
            int first = bytes[at + 1] & 0xff;
            int from = at + 2;
            int length = first;
            if (first >= 0x80) {
                length = 0;
                for (int i = 0; i < first - 0x80 && from < bytes.length; i++) {
                    length = (length << 8) | (bytes[from++] & 0xff);
                }
            }
            if (length < 0 || length > bytes.length - from) {
                throw new IllegalArgumentException("the key is cut");
            }
            return new Der(bytes[at] & 0xff, from, from + length);
        }
    }
}
