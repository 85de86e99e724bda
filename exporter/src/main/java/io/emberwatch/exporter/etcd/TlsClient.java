package io.emberwatch.exporter.etcd;

import io.emberwatch.exporter.etcd.EtcdConfig.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A client that speaks TLS with certificates from files, made anew when these change. */
final class TlsClient {
    private final OkHttpClient plain;
    private final TlsConfig config;
    private @Nullable OkHttpClient client;
    private List<FileTime> made = List.of();

    TlsClient(OkHttpClient plain, TlsConfig config) {
        this.plain = plain;
        this.config = config;
    }

    /** @throws IOException when a file is missing or is not what it should be; the message names it */
    synchronized OkHttpClient current() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw new IOException(file + ": cannot be read", e);
            }
        }
        OkHttpClient known = client;
        if (known == null || !times.equals(made)) {
            known = make();
            client = known;
            made = times;
        }
        return known;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (@Nullable Path file : new @Nullable Path[] {config.ca(), config.cert(), config.key()}) {
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    private OkHttpClient make() throws IOException {
        try {
            X509ExtendedTrustManager trust = config.ca() == null
                    ? TrustManagerUtils.createTrustManagerWithJdkTrustedCertificates()
                    : PemUtils.parseTrustMaterial(Files.readString(config.ca()));
            KeyManager[] keys = config.cert() == null || config.key() == null
                    ? new KeyManager[0]
                    : new KeyManager[] {
                        PemUtils.parseIdentityMaterial(
                                Files.readString(config.cert()), Files.readString(config.key()), null)
                    };
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return plain.newBuilder()
                    .sslSocketFactory(context.getSocketFactory(), trust)
                    .build();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the files of tls cannot be used: " + files() + ": " + e.getMessage(), e);
        }
    }
}
