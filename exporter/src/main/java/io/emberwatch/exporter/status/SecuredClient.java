package io.emberwatch.exporter.status;

import java.io.IOException;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** A client that speaks TLS with certificates from files, made anew when these change; until then connections are used again. */
public final class SecuredClient {
    private final OkHttpClient plain;
    private final TlsMaterial tls;
    private TlsMaterial.@Nullable Loaded loaded;
    private OkHttpClient client;

    /** @param plain what it is in all else */
    public SecuredClient(OkHttpClient plain, TlsSettings settings) {
        this.plain = plain;
        client = plain;
        tls = new TlsMaterial(settings);
    }

    /** @throws IOException when a file is missing or is not what it should be; the message names it */
    public synchronized OkHttpClient current() throws IOException {
        TlsMaterial.Loaded now = tls.current();
        if (!now.equals(loaded)) {
            OkHttpClient.Builder builder =
                    plain.newBuilder().sslSocketFactory(now.context().getSocketFactory(), now.trust());
            if (tls.settings().insecureSkipVerify()) {
                builder.hostnameVerifier((host, session) -> true);
            }
            client = builder.build();
            loaded = now;
        }
        return client;
    }
}
