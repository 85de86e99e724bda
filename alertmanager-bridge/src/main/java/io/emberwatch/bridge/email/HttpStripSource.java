package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an HTTP server for the picture of the cluster that a message's alerts name. A mail goes without it otherwise. */
public final class HttpStripSource implements StripSource {
    private static final int MAX_BYTES = 256 * 1024;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
    private static final Logger logger = LoggerFactory.getLogger("bridge.email");

    private final String template;
    private final OkHttpClient client = HttpClients.withTimeout(Duration.ofSeconds(3));

    /** @param template an address in which {@code {cluster}} stands for the cluster's name */
    public HttpStripSource(String template) {
        this.template = template;
    }

    @Override
    public @Nullable Strip of(Message message) {
        if (!(message.content() instanceof Message.Alerts alerts)) {
            return null;
        }
        String cluster = NotifiedAlert.shared(alerts.alerts()).get("cluster");
        HttpUrl url = cluster.isEmpty()
                ? null
                : HttpUrl.parse(template.replace("{cluster}", URLEncoder.encode(cluster, StandardCharsets.UTF_8)));
        if (url == null) {
            return null;
        }
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            byte[] picture = response.peekBody(MAX_BYTES + 1L).bytes();
            if (response.code() == 200 && picture.length <= MAX_BYTES && isPng(picture)) {
                return new Strip(cluster, Payload.of(picture));
            }
            logger.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("status", response.code())
                    .log("no picture of the cluster");
        } catch (IOException e) {
            logger.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("reason", e.getMessage())
                    .log("no picture of the cluster");
        }
        return null;
    }

    private static boolean isPng(byte[] picture) {
        for (int i = 0; i < PNG.length; i++) {
            if (picture.length <= i || picture[i] != PNG[i]) {
                return false;
            }
        }
        return true;
    }
}
