package io.emberwatch.exporter.etcd;

import io.emberwatch.exporter.etcd.EtcdConfig.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
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
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(ourKey(), new char[0]);
            X509TrustManager trust = trust();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new X509TrustManager[] {trust}, null);
            return plain.newBuilder()
                    .sslSocketFactory(context.getSocketFactory(), trust)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private @Nullable KeyStore ourKey() throws IOException, GeneralSecurityException {
        if (config.cert() == null || config.key() == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client",
                PemFiles.privateKey(config.key()),
                new char[0],
                PemFiles.certificates(config.cert()).toArray(new X509Certificate[0]));
        return store;
    }

    private X509TrustManager trust() throws IOException, GeneralSecurityException {
        KeyStore store = null;
        if (config.ca() != null) {
            store = emptyStore();
            for (X509Certificate authority : PemFiles.certificates(config.ca())) {
                store.setCertificateEntry("ca-" + store.size(), authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
