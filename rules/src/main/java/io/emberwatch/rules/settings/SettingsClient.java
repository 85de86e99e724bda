package io.emberwatch.rules.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** The HTTP client of one job or discovery endpoint; made anew when the files of its certificates change. */
public final class SettingsClient {
    private final OkHttpClient shared;
    private final HttpSettings settings;
    private @Nullable OkHttpClient client;
    private List<String> stamp = List.of();

    SettingsClient(OkHttpClient shared, HttpSettings settings) {
        this.shared = shared;
        this.settings = settings;
    }

    /** The same client until a file changes. @throws IOException when certificates or keys cannot be used */
    public synchronized OkHttpClient current() throws IOException {
        List<String> now = stamp();
        OkHttpClient known = client;
        if (known == null || !now.equals(stamp)) {
            known = make();
            client = known;
            stamp = now;
        }
        return known;
    }

    private List<String> stamp() throws IOException {
        List<Path> files = settings.tls().files();
        if (files.isEmpty()) {
            return List.of();
        }
        List<String> stamps = new ArrayList<>(files.size());
        for (Path file : files) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
        }
        return stamps;
    }

    private OkHttpClient make() throws IOException {
        OkHttpClient.Builder builder = shared.newBuilder()
                .followRedirects(settings.followRedirects())
                .followSslRedirects(settings.followRedirects());
        if (!settings.http2()) {
            builder.protocols(List.of(Protocol.HTTP_1_1));
        }
        if (!settings.tls().equals(TlsSettings.NONE)) {
            TlsContext.apply(settings.tls(), builder);
        }
        return builder.build();
    }

    /** Adds who is asking; secrets in files are read now. */
    public Request.Builder authorize(Request.Builder request) throws IOException {
        return settings.authorize(request);
    }
}
