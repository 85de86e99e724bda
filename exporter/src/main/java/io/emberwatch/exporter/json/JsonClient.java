package io.emberwatch.exporter.json;

import io.emberwatch.exporter.json.ModuleConfig.BodyConfig;
import io.emberwatch.exporter.json.ModuleConfig.ClientConfig;
import io.emberwatch.exporter.status.SecuredClient;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Fetches the documents of one module. */
final class JsonClient {
    private static final String DEFAULT_ACCEPT = "application/json";

    private final ModuleConfig module;
    private final int maxDocument;

    JsonClient(ModuleConfig module, int maxDocument) {
        this.module = module;
        this.maxDocument = maxDocument;
    }

    /** The status was none of those that count as an answer. */
    static final class StatusException extends IOException {
        private static final long serialVersionUID = 1;

        StatusException(String message) {
            super(message);
        }
    }

    /**
     * @param parameters of the probe, for the body
     * @throws StatusException when the server refuses
     * @throws IOException when it cannot be asked, or says too much
     */
    byte[] fetch(HttpUrl url, Map<String, String> parameters, Duration timeout) throws IOException {
        Request.Builder request = new Request.Builder().url(url).header("Accept", DEFAULT_ACCEPT);
        module.headers().forEach(request::header);
        authorize(request);
        BodyConfig body = module.body();
        if (body != null) {
            request.post(RequestBody.create(body.text(parameters), MediaType.get(DEFAULT_ACCEPT)));
        }
        try (Response response = client(timeout).newCall(request.build()).execute()) {
            boolean valid = module.validStatusCodes().isEmpty()
                    ? response.isSuccessful()
                    : module.validStatusCodes().contains(response.code());
            if (!valid) {
                throw new StatusException(url + ": answered " + response.code());
            }
            try (InputStream in = response.body().byteStream()) {
                byte[] document = in.readNBytes(maxDocument + 1);
                if (document.length > maxDocument) {
                    throw new IOException(url + ": the document is larger than " + maxDocument + " bytes");
                }
                return document;
            }
        }
    }

    private void authorize(Request.Builder request) {
        ClientConfig config = module.httpClientConfig();
        if (config.basicAuth() != null) {
            request.header(
                    "Authorization",
                    Credentials.basic(
                            config.basicAuth().username(),
                            config.basicAuth().password().reveal()));
        } else if (config.authorization() != null) {
            request.header(
                    "Authorization",
                    config.authorization().type() + " "
                            + config.authorization().credentials().reveal());
        } else if (config.bearerToken() != null) {
            request.header("Authorization", "Bearer " + config.bearerToken().reveal());
        }
    }

    private OkHttpClient client(Duration timeout) throws IOException {
        ClientConfig config = module.httpClientConfig();
        OkHttpClient plain = HttpClients.withTimeout(timeout)
                .newBuilder()
                .followRedirects(config.followRedirects())
                .followSslRedirects(config.followRedirects())
                .build();
        TlsSettings tls = config.tlsConfig();
        return tls == null ? plain : new SecuredClient(plain, tls).current();
    }
}
