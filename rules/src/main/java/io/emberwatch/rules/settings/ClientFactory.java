package io.emberwatch.rules.settings;

import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** Makes the HTTP clients of jobs; they share one pool of connections. */
public final class ClientFactory {
    private static final int IDLE_CONNECTIONS = 1_024;

    private final OkHttpClient shared;

    /** As many calls at once as anybody makes. */
    public ClientFactory() {
        this(IDLE_CONNECTIONS);
    }

    /** @param callsPerHost the most asynchronous calls at once to one host */
    public ClientFactory(int callsPerHost) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(IDLE_CONNECTIONS);
        dispatcher.setMaxRequestsPerHost(callsPerHost);
        shared = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
                .build();
    }

    public SettingsClient client(HttpSettings settings) {
        return new SettingsClient(shared, settings);
    }

    /** Ends every call under way and closes the connections. */
    public void close() {
        shared.dispatcher().cancelAll();
        shared.connectionPool().evictAll();
        shared.dispatcher().executorService().shutdown();
    }
}
