package io.emberwatch.exporter.push;

import io.emberwatch.exporter.derive.Derivations;
import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.processes.MonitorPart;
import io.emberwatch.exporter.push.LineTarget.RefusedException;
import io.emberwatch.exporter.push.PushMetrics.Drop;
import io.emberwatch.exporter.scrape.PageReader;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.telegraf.TelegrafHost;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.time.Scheduler;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the samples of the sources to one target, in the order of their making.
 *
 * <p>Every batch is on disk before it is sent. A target that cannot be reached is tried again after a second, then after
 * twice as long each time, up to half a minute. Each batch says how often that happened so far: {@code connectivity_error}
 * and {@code batch_sending_error}, 0 from the start, so that whoever watches the target sees it once it is back.
 */
final class Pusher {
    static final String CONNECTIVITY_ERROR = "connectivity_error";
    static final String BATCH_SENDING_ERROR = "batch_sending_error";
    private static final int MOST_BATCH_BYTES = 1 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(1);
    private static final double MILLIS = 1e3;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final PushConfig config;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final PushMetrics.One metrics;
    private final LineBuffer buffer;
    private final Derivations derivations;
    private final Supplier<@Nullable LineTarget> target;
    private final @Nullable TelegrafHost telegraf;
    private final AtomicBoolean sending = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean pausing;
    private Duration pause = FIRST_PAUSE;
    private String trouble = "";

    Pusher(
            PushConfig config,
            Scheduler scheduler,
            InstantSource clock,
            Path folder,
            PushMetrics.One metrics,
            Supplier<@Nullable LineTarget> target,
            @Nullable TelegrafHost telegraf) {
        this.telegraf = telegraf;
        this.config = config;
        this.scheduler = scheduler;
        this.clock = clock;
        this.metrics = metrics;
        this.target = target;
        buffer = new LineBuffer(folder.resolve(config.name()), config.buffer(), metrics);
        derivations = new Derivations(config.derive());
    }

    PushConfig config() {
        return config;
    }

    void open() throws IOException {
        buffer.open();
        metrics.found().inc(metrics.lines().get());
        wake(Duration.ZERO);
    }

    /** Reads the sources once, keeps what they say and has it sent. */
    synchronized void read(PageReader page) {
        if (closed) {
            return;
        }
        long now = clock.millis();
        LineText text = new LineText(config.labels());
        text.add(error(CONNECTIVITY_ERROR, metrics.connectivityErrors()), now);
        text.add(error(BATCH_SENDING_ERROR, metrics.batchSendingErrors()), now);
        Deadline deadline = Deadline.after(config.every());
        for (MetricFamily family : page.read(this::isSent, deadline)) {
            for (MetricPoint point : family.points()) {
                for (MetricPoint sent : derivations.apply(point, now)) {
                    text.add(sent, now);
                    keepIfFull(text, now);
                }
            }
        }
        for (LinePoint point : measurements(deadline)) {
            text.add(point, now);
            keepIfFull(text, now);
        }
        keep(text, now);
        if (!pausing) {
            wake(Duration.ZERO);
        }
    }

    /** Keeps what the process monitor says at the end, and sends it unless the target is away. */
    synchronized void readEnd(PageReader page) {
        if (closed) {
            return;
        }
        long now = clock.millis();
        LineText text = new LineText(config.labels());
        for (MetricFamily family :
                page.read(source -> source.name().equals(MonitorPart.NAME) && isSent(source), Deadline.after(END))) {
            if (MonitorPart.isSaidAtEnd(family.name())) {
                family.points().forEach(point -> text.add(point, now));
            }
        }
        if (text.count() > 0) {
            keep(text, now);
            if (!pausing) {
                send();
            }
        }
    }

    private boolean isSent(Source source) {
        boolean instead = telegraf != null && source.group().equals(HostCollectors.GROUP);
        return !instead
                && (config.sources().isEmpty() || config.sources().stream().anyMatch(source::answersTo));
    }

    private List<LinePoint> measurements(Deadline deadline) {
        if (telegraf == null) {
            return List.of();
        }
        try {
            return telegraf.gather(deadline);
        } catch (IOException e) {
            logger.atWarn()
                    .addKeyValue("push", config.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("the machine could not be read");
            return List.of();
        }
    }

    private void keepIfFull(LineText text, long now) {
        if (text.count() >= config.batchLines() || text.size() > MOST_BATCH_BYTES) {
            keep(text, now);
        }
    }

    private MetricPoint error(String name, Counter.Child count) {
        return MetricPoint.of(name, Labels.of("push", config.name()), count.get());
    }

    private void keep(LineText text, long now) {
        int count = text.count();
        if (count > 0) {
            metrics.made().inc(count);
            buffer.add(text.take(), count, now);
        }
    }

    private void wake(Duration delay) {
        scheduler.once("push-" + config.name(), delay, this::send);
    }

    private void send() {
        if (closed || !sending.compareAndSet(false, true)) {
            return;
        }
        try {
            pausing = false;
            buffer.expire(clock.millis());
            Batch batch = buffer.oldest();
            while (batch != null && !closed && sent(batch)) {
                batch = buffer.oldest();
            }
        } finally {
            sending.set(false);
        }
    }

    /** Whether the next batch may follow. */
    private boolean sent(Batch batch) {
        byte[] lines = buffer.read(batch);
        if (lines == null) {
            return true;
        }
        LineTarget to = target.get();
        try {
            if (to == null) {
                throw new IOException("target " + config.target() + " is not there");
            }
            to.send(lines);
            if (buffer.sent(batch)) {
                metrics.sent().inc(batch.lines());
            }
            metrics.lastSent().set(clock.millis() / MILLIS);
            settle("");
            pause = FIRST_PAUSE;
            return true;
        } catch (RefusedException e) {
            metrics.batchSendingErrors().inc();
            settle(String.valueOf(e.getMessage()));
            if (e.isForEver()) {
                buffer.give(batch, Drop.REFUSED);
                return true;
            }
        } catch (IOException e) {
            metrics.connectivityErrors().inc();
            settle(String.valueOf(e.getMessage()));
        }
        pausing = true;
        wake(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return false;
    }

    private void settle(String now) {
        if (now.equals(trouble)) {
            return;
        }
        trouble = now;
        if (now.isEmpty()) {
            logger.atInfo().addKeyValue("push", config.name()).log("samples are sent again");
        } else {
            logger.atWarn()
                    .addKeyValue("push", config.name())
                    .addKeyValue("reason", now)
                    .log("samples cannot be sent");
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            buffer.close();
            if (telegraf != null) {
                telegraf.close();
            }
        }
    }
}
