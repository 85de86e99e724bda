package io.emberwatch.rules.settings;

import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/** Makes the HTTP clients of jobs; they share one pool of connections. */
public final class ClientFactory {
    private static final int IDLE_CONNECTIONS = 1_024;

    private final OkHttpClient shared = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();

    public SettingsClient client(HttpSettings settings) {
        return new SettingsClient(shared, settings);
    }

    /** Ends every call under way and closes the connections. */
    public void close() {
        shared.dispatcher().cancelAll();
        shared.connectionPool().evictAll();
    }
}
