package io.emberwatch.exporter.etcd;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of a cluster, read over HTTP. */
final class EtcdMember {
    private static final Logger logger = LoggerFactory.getLogger("exporter.etcd");
    private static final int HEALTH_LIMIT = 4096;

    private final Labels labels;
    private final HttpUrl url;
    private final OkHttpClient http;
    private final Duration timeout;
    private final int maxPage;
    private volatile String trouble = "";

    EtcdMember(String cluster, EtcdConfig.Member member, OkHttpClient http, EtcdConfig config) {
        this.labels = Labels.of("cluster", cluster, "instance", member.label());
        HttpUrl parsed = HttpUrl.get(member.url());
        if (parsed == null) {
            throw new IllegalArgumentException("not an address: " + member.url());
        }
        this.url = parsed;
        this.http = http;
        this.timeout = config.timeout();
        this.maxPage = (int) Math.min(Integer.MAX_VALUE - 8, config.maxPage().bytes());
    }

    /**
     * What a member said.
     *
     * @param families its page with cluster and instance; empty when it did not answer
     * @param healthy what {@code /health} answered
     */
    record Report(Labels labels, boolean up, boolean healthy, List<MetricFamily> families) {}

    /** Labels of the member's series. */
    Labels labels() {
        return labels;
    }

    /** Reads page and health before the deadline; never throws, a member that cannot be read is down. */
    Report read(Deadline deadline) {
        OkHttpClient bounded = http.newBuilder()
                .callTimeout(min(timeout, deadline.remaining()))
                .build();
        try {
            List<MetricFamily> families = MetricAliases.complete(labelled(parse(get(bounded, "metrics", maxPage))));
            said("");
            return new Report(labels, true, healthy(bounded), families);
        } catch (InterruptedIOException e) {
            said("did not answer within " + min(timeout, deadline.remaining()).toMillis() + " ms");
        } catch (IOException e) {
            said(String.valueOf(e.getMessage()));
        } catch (ParseException e) {
            said("its metrics page is not readable: " + e.getMessage());
        }
        return new Report(labels, false, false, List.of());
    }

    private static Duration min(Duration a, Duration b) {
        Duration least = a.compareTo(b) < 0 ? a : b;
        return least.toMillis() < 1 ? Duration.ofMillis(1) : least;
    }

    // A change is logged once, not every scrape.
    private void said(String now) {
        if (!now.equals(trouble)) {
            if (now.isEmpty()) {
                logger.atInfo().addKeyValue("member", labels).log("etcd member answers");
            } else {
                logger.atWarn()
                        .addKeyValue("member", labels)
                        .addKeyValue("url", url)
                        .log("etcd member: " + now);
            }
            trouble = now;
        }
    }

    private byte[] get(OkHttpClient client, String path, int limit) throws IOException {
        Request request = new Request.Builder()
                .url(url.newBuilder().addPathSegment(path).build())
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful() && !path.equals("health")) {
                throw new IOException("/" + path + " answered " + response.code());
            }
            try (InputStream in = response.body().byteStream()) {
                byte[] body = in.readNBytes(limit + 1);
                if (body.length > limit) {
                    throw new IOException("/" + path + " is larger than " + limit + " bytes");
                }
                return body;
            }
        }
    }

    private static List<MetricFamily> parse(byte[] page) throws ParseException {
        return ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4);
    }

    // etcd 3.4 answers {"health":"true"}, later ones add a reason.
    private boolean healthy(OkHttpClient client) {
        try {
            String answer = new String(get(client, "health", HEALTH_LIMIT), StandardCharsets.UTF_8);
            return answer.replace(" ", "").contains("\"health\":\"true\"");
        } catch (IOException e) {
            return false;
        }
    }

    private List<MetricFamily> labelled(List<MetricFamily> families) {
        List<MetricFamily> result = new ArrayList<>(families.size());
        for (MetricFamily family : families) {
            List<MetricPoint> points = new ArrayList<>(family.points().size());
            for (MetricPoint point : family.points()) {
                SeriesKey key = point.key();
                Labels own = key.labels().isEmpty()
                        ? labels
                        : key.labels().toBuilder()
                                .set("cluster", labels.get("cluster"))
                                .set("instance", labels.get("instance"))
                                .build();
                points.add(MetricPoint.of(SeriesKey.of(key.name(), own), point.value()));
            }
            result.add(new MetricFamily(family.name(), family.type(), family.help(), family.unit(), points));
        }
        return result;
    }
}
