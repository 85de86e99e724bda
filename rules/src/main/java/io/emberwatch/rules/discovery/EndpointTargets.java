package io.emberwatch.rules.discovery;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.TargetSources.HttpSource;
import io.emberwatch.rules.settings.SettingsClient;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets that an endpoint lists in JSON. While it does not answer properly the last list holds. */
final class EndpointTargets {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_LIST = 32 << 20;
    private static final Logger logger = LoggerFactory.getLogger("rules.scrape");

    private final HttpSource source;
    private final Consumer<List<TargetGroup>> found;
    private final Discovery.Means means;
    private final SettingsClient job;

    EndpointTargets(HttpSource source, Consumer<List<TargetGroup>> found, Discovery.Means means) {
        this.source = source;
        this.found = found;
        this.means = means;
        job = means.clients().client(source.http());
    }

    void ask() {
        try {
            found.accept(TargetGroup.parse(
                    source.url().toString(),
                    fetch(),
                    Labels.of("__meta_url", source.url().toString())));
        } catch (IOException | ConfigException e) {
            means.metrics().endpointErrors.inc();
            logger.atWarn()
                    .addKeyValue("url", source.url())
                    .addKeyValue("reason", e.getMessage())
                    .log("discovery endpoint gives no list, its targets stay as they are");
        }
    }

    private String fetch() throws IOException {
        OkHttpClient client = job.current().newBuilder().callTimeout(TIMEOUT).build();
        Request.Builder request = new Request.Builder()
                .url(source.url().toString())
                .header("Accept", "application/json")
                .header("User-Agent", "Emberwatch")
                .header(
                        "X-Prometheus-Refresh-Interval-Seconds",
                        Long.toString(source.refresh().toSeconds()));
        try (Response response = client.newCall(job.authorize(request).build()).execute();
                InputStream body = response.body().byteStream()) {
            if (response.code() != 200) {
                throw new IOException("server returned HTTP status " + response.code());
            }
            byte[] list = body.readNBytes(MAX_LIST + 1);
            if (list.length > MAX_LIST) {
                throw new IOException("the list is larger than " + MAX_LIST + " bytes");
            }
            return new String(list, StandardCharsets.UTF_8);
        }
    }
}
