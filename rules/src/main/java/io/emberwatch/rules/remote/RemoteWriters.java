package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.settings.ClientFactory;
import io.emberwatch.rules.store.SampleLog;
import io.emberwatch.rules.store.SeriesStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a store takes to every configured receiver; see {@link RemoteWriteSettings}. */
public final class RemoteWriters implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Logger logger = LoggerFactory.getLogger("rules.remote");

    private final SenderMetrics metrics;
    private final InstantSource clock;
    private final Supplier<List<MetricMetadata>> metadata;
    private final ClientFactory clients = new ClientFactory(RemoteWriteSettings.MAX_SHARDS);
    private List<RemoteWriter> writers = List.of();
    private @Nullable SeriesStore store;

    /** @param metadata what is known of metrics, to be sent along */
    public RemoteWriters(SenderMetrics metrics, InstantSource clock, Supplier<List<MetricMetadata>> metadata) {
        this.metrics = metrics;
        this.clock = clock;
        this.metadata = metadata;
    }

    /**
     * Sends to these receivers from now on; those that stay are not disturbed.
     *
     * @param external labels that each series gets unless it has them
     * @param logBytes what the store may keep of samples that a receiver has not taken
     */
    public synchronized void replace(
            SeriesStore open, List<RemoteWriteSettings> wanted, Labels external, long logBytes, Scheduler scheduler)
            throws IOException {
        SampleLog log = open.log();
        if (log == null) {
            return;
        }
        store = open;
        log.readers(names(wanted), logBytes);
        List<RemoteWriter> before = new ArrayList<>(writers);
        List<RemoteWriter> after = new ArrayList<>();
        List<RemoteWriter> fresh = new ArrayList<>();
        for (RemoteWriteSettings settings : wanted) {
            RemoteWriter same = before.stream()
                    .filter(writer -> writer.isFor(settings, external))
                    .findFirst()
                    .orElse(null);
            if (same == null) {
                same = new RemoteWriter(
                        settings, external, log, metadata, new RemoteWriter.Means(scheduler, clock, clients, metrics));
                fresh.add(same);
            }
            before.remove(same);
            after.add(same);
        }
        before.forEach(RemoteWriter::close);
        fresh.forEach(RemoteWriter::start);
        writers = List.copyOf(after);
    }

    private static Set<String> names(List<RemoteWriteSettings> wanted) {
        return wanted.stream().map(RemoteWriteSettings::name).collect(Collectors.toSet());
    }

    /** Sends what is there for up to five seconds; what is left then is sent after the next start. */
    @Override
    public synchronized void close() {
        if (store != null && !writers.isEmpty()) {
            try {
                store.sync();
                Deadline deadline = Deadline.after(DRAIN);
                writers.forEach(writer -> writer.drain(deadline));
            } catch (IOException e) {
                logger.atWarn().addKeyValue("reason", e.getMessage()).log("the last samples are not sent now");
            }
        }
        writers.forEach(RemoteWriter::close);
        writers = List.of();
        clients.close();
    }
}
