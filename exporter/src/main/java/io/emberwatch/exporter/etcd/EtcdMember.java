package io.emberwatch.exporter.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.etcd.EtcdConfig.MemberConfig;
import io.emberwatch.exporter.etcd.MemberFault.Reason;
import io.emberwatch.exporter.metrics.ExporterMetrics.MemberMetrics;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of a cluster: where it answers, what its page says, and how it has been. */
final class EtcdMember {
    private static final Logger logger = LoggerFactory.getLogger("etcd");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLUSTER = "cluster";
    private static final String INSTANCE = "instance";
    private static final int MAX_HEALTH = 64 << 10;
    private static final int MAX_KEYS = 200_000;

    private final String cluster;
    private final String instance;
    private final HttpUrl metricsUrl;
    private final HttpUrl healthUrl;
    private final long maxPage;
    private final MemberMetrics metrics;
    private final Map<SeriesKey, SeriesKey> keys = new HashMap<>();
    private String lastTrouble = "";

    EtcdMember(String cluster, MemberConfig config, long maxPage, MemberMetrics metrics) {
        this.cluster = cluster;
        this.instance = config.instanceName();
        HttpUrl url = HttpUrl.get(config.url());
        if (url == null) {
            throw new IllegalArgumentException("url: " + config.url() + " is not an http or https address");
        }
        this.metricsUrl = url.newBuilder().addPathSegment("metrics").build();
        this.healthUrl = url.newBuilder().addPathSegment("health").build();
        this.maxPage = maxPage;
        this.metrics = metrics;
    }

    Request metricsRequest() {
        return new Request.Builder()
                .url(metricsUrl)
                .header("Accept", TextFormat.PROMETHEUS_0_0_4.contentType())
                .build();
    }

    Request healthRequest() {
        return new Request.Builder().url(healthUrl).build();
    }

    /** The families of an answer to {@link #metricsRequest}, every series with the member's labels. */
    List<MetricFamily> read(Response response) throws IOException, MemberFault {
        if (response.code() != 200) {
            throw new MemberFault(Reason.HTTP_STATUS, metricsUrl + " answered with status " + response.code());
        }
        byte[] page = body(response, maxPage);
        List<MetricFamily> families;
        try {
            families = ExpositionParser.parseFamilies(page, format(response));
        } catch (ParseException e) {
            throw new MemberFault(Reason.GARBAGE, metricsUrl + " is not a page of metrics: " + e.getMessage());
        }
        // An empty page, or one of a proxy that happens to parse, is no member's.
        if (families.stream().noneMatch(family -> family.name().startsWith("etcd_"))) {
            throw new MemberFault(Reason.GARBAGE, metricsUrl + " has no metrics of etcd");
        }
        return labelled(families);
    }

    private static TextFormat format(Response response) {
        String type = response.header("Content-Type", "");
        return type != null && type.startsWith("application/openmetrics-text")
                ? TextFormat.OPENMETRICS_1_0
                : TextFormat.PROMETHEUS_0_0_4;
    }

    private static byte[] body(Response response, long limit) throws IOException, MemberFault {
        byte[] body = response.body().byteStream().readNBytes((int) limit + 1);
        if (body.length > limit) {
            throw new MemberFault(Reason.TOO_LARGE, response.request().url() + " is larger than " + limit + " bytes");
        }
        return body;
    }

    private synchronized List<MetricFamily> labelled(List<MetricFamily> families) {
        if (keys.size() > MAX_KEYS) {
            keys.clear();
        }
        Map<String, MetricFamily> byName = new LinkedHashMap<>();
        for (MetricFamily family : families) {
            List<MetricPoint> points = new ArrayList<>(family.points().size());
            for (MetricPoint point : family.points()) {
                SeriesKey key = keys.computeIfAbsent(point.key(), this::labelled);
                points.add(new MetricPoint(key, point.value(), point.timestampMillis()));
            }
            byName.put(
                    family.name(),
                    new MetricFamily(family.name(), family.type(), family.help(), family.unit(), points));
        }
        MetricAliases.complete(byName);
        return List.copyOf(byName.values());
    }

    private SeriesKey labelled(SeriesKey key) {
        Labels own = key.labels();
        return SeriesKey.of(
                key.name(),
                own.toBuilder()
                        .set("exported_" + CLUSTER, own.get(CLUSTER))
                        .set("exported_" + INSTANCE, own.get(INSTANCE))
                        .set(CLUSTER, cluster)
                        .set(INSTANCE, instance)
                        .build());
    }

    /** What an answer to {@link #healthRequest} says: {@code {"health":"true"}}, or a bare true in some versions. */
    boolean readHealth(Response response) throws IOException, MemberFault {
        try {
            JsonNode health = JSON.readTree(body(response, MAX_HEALTH)).path("health");
            return response.code() == 200 && health.asText().equals("true");
        } catch (JsonProcessingException e) {
            throw new MemberFault(Reason.GARBAGE, healthUrl + " is not JSON");
        }
    }

    void up(double seconds) {
        metrics.up().set(1);
        metrics.duration().set(seconds);
        settle("", "");
    }

    void down(MemberFault fault, double seconds) {
        metrics.up().set(0);
        metrics.duration().set(seconds);
        metrics.failed(fault.reason().text());
        settle(fault.reason().text(), String.valueOf(fault.getMessage()));
    }

    void healthy(boolean healthy) {
        metrics.healthy().set(healthy ? 1 : 0);
    }

    // Once per change of reason: a member that is down stays down for thousands of scrapes.
    private synchronized void settle(String reason, String message) {
        if (reason.equals(lastTrouble)) {
            return;
        }
        lastTrouble = reason;
        if (reason.isEmpty()) {
            logger.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("instance", instance)
                    .log("member can be read again");
        } else {
            logger.atWarn()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("instance", instance)
                    .addKeyValue("reason", reason)
                    .log("member cannot be read: {}", message);
        }
    }
}
