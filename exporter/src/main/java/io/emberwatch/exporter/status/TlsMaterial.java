package io.emberwatch.exporter.status;

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
import org.jspecify.annotations.Nullable;

/** What TLS needs, made of files, and made anew when these change. */
public final class TlsMaterial {
    /**
     * Both halves of it.
     *
     * @param trust who is believed
     */
    public record Loaded(SSLContext context, X509ExtendedTrustManager trust) {}

    private final TlsSettings settings;
    private @Nullable Loaded loaded;
    private List<FileTime> made = List.of();

    public TlsMaterial(TlsSettings settings) {
        this.settings = settings;
    }

    public TlsSettings settings() {
        return settings;
    }

    /** @throws IOException when a file is missing or is not what it should be; the message names it */
    public synchronized Loaded current() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw new IOException(file + ": cannot be read", e);
            }
        }
        Loaded known = loaded;
        if (known == null || !times.equals(made)) {
            known = load();
            loaded = known;
            made = times;
        }
        return known;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (@Nullable Path file : new @Nullable Path[] {settings.caFile(), settings.certFile(), settings.keyFile()}) {
            if (file != null) {
                files.add(file);
            }
        }
        return files;
    }

    private Loaded load() throws IOException {
        try {
            X509ExtendedTrustManager trust = settings.insecureSkipVerify()
                    ? TrustManagerUtils.createUnsafeTrustManager()
                    : settings.caFile() == null
                            ? TrustManagerUtils.createTrustManagerWithJdkTrustedCertificates()
                            : PemUtils.parseTrustMaterial(Files.readString(settings.caFile()));
            KeyManager[] keys = settings.certFile() == null || settings.keyFile() == null
                    ? new KeyManager[0]
                    : new KeyManager[] {
                        PemUtils.parseIdentityMaterial(
                                Files.readString(settings.certFile()), Files.readString(settings.keyFile()), null)
                    };
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return new Loaded(context, trust);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the files of tls cannot be used: " + files() + ": " + e.getMessage(), e);
        }
    }
}
