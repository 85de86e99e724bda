package io.emberwatch.bridge.alertmanager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.model.Labels;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One Alertmanager's API, version 2. Every method fails with what the other side said when it did not do as asked.
 *
 * @see <a href="https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml">openapi.yaml</a>
 */
public final class AlertmanagerClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MediaType TYPE = MediaType.get("application/json");
    private static final long MAX_ANSWER = 64L << 20;
    private static final int MAX_ERROR = 300;

    private final HttpUrl base;
    private final OkHttpClient client;
    private final @Nullable String authorization;

    public AlertmanagerClient(AlertmanagerConfig config) {
        HttpUrl url = HttpUrl.get(config.url());
        if (url == null) {
            throw new IllegalArgumentException(config.url() + ": expected an http or https address");
        }
        base = url;
        client = HttpClients.withTimeout(config.timeout());
        authorization = authorization(config);
    }

    private static @Nullable String authorization(AlertmanagerConfig config) {
        Secret token = config.bearerToken();
        Secret password = config.password();
        if (token != null) {
            return "Bearer " + token.reveal();
        }
        return config.username() == null || password == null
                ? null
                : Credentials.basic(config.username(), password.reveal(), StandardCharsets.UTF_8);
    }

    /** Where it is, for people and records. */
    public String address() {
        return base.toString();
    }

    /** All alerts that are not over, silenced and inhibited ones too. */
    public List<ActiveAlert> alerts() throws IOException {
        return alerts(url("alerts").build());
    }

    /** The alerts that have these labels. */
    public List<ActiveAlert> alerts(Labels labels) throws IOException {
        HttpUrl.Builder url = url("alerts");
        for (int i = 0; i < labels.size(); i++) {
            url.addQueryParameter("filter", labels.name(i) + "=" + quote(labels.value(i)));
        }
        return alerts(url.build());
    }

    private static String quote(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private List<ActiveAlert> alerts(HttpUrl url) throws IOException {
        List<ActiveAlert> alerts = new ArrayList<>();
        for (JsonNode alert : call(new Request.Builder().url(url))) {
            List<String> receivers = new ArrayList<>();
            alert.path("receivers")
                    .forEach(receiver -> receivers.add(receiver.path("name").asText()));
            alerts.add(new ActiveAlert(
                    alert.path("fingerprint").asText(),
                    labels(alert.path("labels")),
                    labels(alert.path("annotations")),
                    instant(alert.path("startsAt")),
                    alert.path("generatorURL").asText(),
                    alert.path("status").path("state").asText(),
                    receivers));
        }
        return alerts;
    }

    private static Labels labels(JsonNode node) {
        Labels.Builder labels = Labels.builder();
        node.properties()
                .forEach(field -> labels.set(field.getKey(), field.getValue().asText()));
        return labels.build();
    }

    private static Instant instant(JsonNode node) throws IOException {
        try {
            return OffsetDateTime.parse(node.asText()).toInstant();
        } catch (DateTimeException e) {
            throw new IOException("expected a time, found " + node, e);
        }
    }

    /**
     * Makes a silence, or changes the end of one that has an identifier.
     *
     * @return its identifier
     */
    public String put(Silence silence) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        if (!silence.id().isEmpty()) {
            body.put("id", silence.id());
        }
        ArrayNode matchers = body.putArray("matchers");
        for (int i = 0; i < silence.labels().size(); i++) {
            matchers.addObject()
                    .put("name", silence.labels().name(i))
                    .put("value", silence.labels().value(i))
                    .put("isRegex", false)
                    .put("isEqual", true);
        }
        body.put("startsAt", silence.startsAt().toString());
        body.put("endsAt", silence.endsAt().toString());
        body.put("createdBy", silence.createdBy());
        body.put("comment", silence.comment());
        return call(new Request.Builder()
                        .url(url("silences").build())
                        .post(RequestBody.create(JSON.writeValueAsBytes(body), TYPE)))
                .path("silenceID")
                .asText();
    }

    /** The silence of that identifier, or null when there is none. */
    public @Nullable Silence silence(String id) throws IOException {
        Request request = new Request.Builder()
                .url(url("silence").addPathSegment(id).build())
                .build();
        try (Response response = client.newCall(authorized(request)).execute()) {
            if (response.code() == 404) {
                return null;
            }
            JsonNode node = read(response);
            Labels.Builder labels = Labels.builder();
            for (JsonNode matcher : node.path("matchers")) {
                labels.set(matcher.path("name").asText(), matcher.path("value").asText());
            }
            return new Silence(
                    id,
                    node.path("status").path("state").asText(),
                    labels.build(),
                    instant(node.path("startsAt")),
                    instant(node.path("endsAt")),
                    node.path("createdBy").asText(),
                    node.path("comment").asText());
        }
    }

    /** Ends a silence. */
    public void expire(String id) throws IOException {
        call(new Request.Builder()
                .url(url("silence").addPathSegment(id).build())
                .delete());
    }

    private HttpUrl.Builder url(String path) {
        return base.newBuilder().addPathSegments("api/v2").addPathSegment(path);
    }

    private Request authorized(Request request) {
        return authorization == null
                ? request
                : request.newBuilder().header("Authorization", authorization).build();
    }

    private JsonNode call(Request.Builder request) throws IOException {
        try (Response response = client.newCall(authorized(request.build())).execute()) {
            return read(response);
        }
    }

    private JsonNode read(Response response) throws IOException {
        byte[] body = response.peekBody(MAX_ANSWER).bytes();
        if (!response.isSuccessful()) {
            throw new IOException(base + " answered " + response.code() + ": "
                    + Clip.to(Clip.oneLine(new String(body, StandardCharsets.UTF_8)), MAX_ERROR));
        }
        return body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
    }
}
