package io.emberwatch.rules.remote;

import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.MappingReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code remote_write}, as Prometheus 3 reads it. {@code capacity}, {@code min_shards} and
 * {@code batch_send_deadline} are read and have no effect: samples wait in the store's log, and each commit is sent at once.
 *
 * @param name unique; where sending goes on after a restart is kept under it
 * @param url where samples are posted to
 * @param timeout of one request
 * @param relabels of each series before it is sent, with external labels
 */
public record RemoteWriteSettings(
        String name,
        HttpUrl url,
        Duration timeout,
        HttpSettings http,
        Relabeling relabels,
        Queue queue,
        Metadata metadata) {
    static final int MAX_SHARDS = 50;

    /**
     * How samples are sent.
     *
     * @param shards how many requests may be under way at once
     * @param samplesPerRequest the most samples of one request
     * @param minBackoff how long until the first repetition of a request
     * @param maxBackoff how long between repetitions at most, unless the receiver asks for more
     * @param ageLimit older samples are dropped; zero for no limit
     */
    public record Queue(
            int shards, int samplesPerRequest, Duration minBackoff, Duration maxBackoff, Duration ageLimit) {}

    /**
     * What is said of metrics.
     *
     * @param interval zero for nothing
     */
    public record Metadata(Duration interval, int perRequest) {}

    /** Reads the list under a key; what is wrong with it becomes problems of the reader. */
    public static List<RemoteWriteSettings> readAll(MappingReader owner, String key, Path folder) {
        List<RemoteWriteSettings> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader reader : owner.mappings(key)) {
            RemoteWriteSettings settings = read(reader, folder);
            if (settings != null) {
                if (!names.add(settings.name())) {
                    reader.problem("found multiple remote write configs with name \"" + settings.name() + "\"");
                }
                all.add(settings);
            }
        }
        return List.copyOf(all);
    }

    private static @Nullable RemoteWriteSettings read(MappingReader reader, Path folder) {
        String address = reader.text("url", "");
        HttpUrl url = HttpUrl.parse(address);
        if (url == null) {
            reader.problem("url", "\"" + address + "\": expected an address such as http://receiver/api/v1/write");
        }
        if (reader.flag("send_exemplars", false) || reader.flag("send_native_histograms", false)) {
            reader.problem("send_exemplars and send_native_histograms: the store keeps neither");
        }
        String message = reader.text("protobuf_message", "prometheus.WriteRequest");
        if (!message.equals("prometheus.WriteRequest")) {
            reader.problem("protobuf_message", message + ": only prometheus.WriteRequest is sent");
        }
        reader.flag("round_robin_dns", false);
        HttpSettings http = HttpSettings.read(reader, folder).withHeaders(reader.namedTexts("headers"));
        Duration timeout = positive(reader, "remote_timeout", Duration.ofSeconds(30));
        Relabeling relabels = Relabeling.read(reader, "write_relabel_configs");
        Queue queue = queue(reader);
        Metadata metadata = metadata(reader);
        String name = reader.text("name", "");
        reader.finish();
        if (url == null) {
            return null;
        }
        HttpUrl plain = url.newBuilder().username("").password("").build();
        return new RemoteWriteSettings(
                name.isEmpty() ? plain.toString() : name, plain, timeout, http, relabels, queue, metadata);
    }

    private static Queue queue(MappingReader owner) {
        MappingReader reader = owner.mapping("queue_config");
        if (reader == null) {
            return new Queue(MAX_SHARDS, 2_000, Duration.ofMillis(30), Duration.ofSeconds(5), Duration.ZERO);
        }
        reader.count("capacity", 0);
        reader.count("min_shards", 0);
        reader.duration("batch_send_deadline", Duration.ZERO);
        reader.flag("retry_on_http_429", true);
        Queue queue = new Queue(
                Math.min(MAX_SHARDS, atLeastOne(reader, "max_shards", MAX_SHARDS)),
                atLeastOne(reader, "max_samples_per_send", 2_000),
                positive(reader, "min_backoff", Duration.ofMillis(30)),
                positive(reader, "max_backoff", Duration.ofSeconds(5)),
                reader.duration("sample_age_limit", Duration.ZERO));
        if (queue.maxBackoff().compareTo(queue.minBackoff()) < 0) {
            reader.problem("max_backoff", "is shorter than min_backoff");
        }
        reader.finish();
        return queue;
    }

    private static Metadata metadata(MappingReader owner) {
        MappingReader reader = owner.mapping("metadata_config");
        if (reader == null) {
            return new Metadata(Duration.ofMinutes(1), 2_000);
        }
        boolean send = reader.flag("send", true);
        Duration interval = positive(reader, "send_interval", Duration.ofMinutes(1));
        Metadata metadata =
                new Metadata(send ? interval : Duration.ZERO, atLeastOne(reader, "max_samples_per_send", 2_000));
        reader.finish();
        return metadata;
    }

    private static int atLeastOne(MappingReader reader, String key, int fallback) {
        int count = reader.count(key, fallback);
        if (count == 0) {
            reader.problem(key, "must be at least 1");
        }
        return Math.max(1, count);
    }

    private static Duration positive(MappingReader reader, String key, Duration fallback) {
        Duration given = reader.duration(key, fallback);
        return given.isZero() ? fallback : given;
    }
}
