package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.tail.TailConfig.MultilineConfig;
import io.emberwatch.exporter.tail.TailConfig.Start;
import io.emberwatch.exporter.tail.rule.Loss;
import io.emberwatch.exporter.tail.rule.RuleSet;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.text.FloatText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of one configured tail and counts their records.
 *
 * <p>What a page shows is durable before it is shown, so that no value goes back when the process is killed: the next one
 * begins with the values and at the places that belong together. Where that cannot be made durable, because the disk is
 * full, the page shows what was counted all the same and says so.
 */
final class Tailer implements AutoCloseable, LineCutter.Handler {
    private static final Logger logger = LoggerFactory.getLogger("tail");
    private static final int CHUNK = 256 << 10;
    private static final long MOST_BYTES_PER_LOOK = 64 << 20;

    private final TailConfig config;
    private final InstantSource clock;
    private final Path stateFile;
    private final TailMetrics.One metrics;
    private final RuleSet rules;
    private final LineCutter cutter;
    private final byte[] buffer;
    private final FollowedFiles files;
    private @Nullable Checkpoint checkpoint;
    private long savedMillis;
    private long nowMillis;
    private String trouble = "";
    private volatile boolean closed;

    Tailer(TailConfig config, InstantSource clock, Path folder, TailMetrics.One metrics) {
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        stateFile = folder.resolve(config.name() + ".tail");
        rules = new RuleSet(
                config.format(), config.rules(), config.timestamp(), config.labels(), config.maxSeries(), this::lost);
        int maxLine = (int) config.maxLine().bytes();
        cutter = new LineCutter(maxLine, config.multiline(), this);
        buffer = new byte[CHUNK + 2 * maxLine];
        files = new FollowedFiles(config, metrics);
    }

    TailConfig config() {
        return config;
    }

    /** @throws IOException when what was saved cannot be read; the message says what to do */
    synchronized void open() throws IOException {
        Checkpoint opened = new Checkpoint(stateFile, rules);
        checkpoint = opened;
        files.restore(opened.files(), opened.isFresh() ? config.from() : Start.BEGINNING);
        savedMillis = clock.millis();
        files.discover(savedMillis);
    }

    /** Looks at all files and reads what is new; a scrape may come between two chunks. */
    void look() {
        synchronized (this) {
            if (closed || checkpoint == null) {
                return;
            }
            files.discover(clock.millis());
        }
        Set<TailedFile> seen = new HashSet<>();
        for (List<TailedFile> next = unseen(seen); !next.isEmpty(); next = unseen(seen)) {
            next.forEach(this::follow);
            seen.addAll(next);
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            long now = clock.millis();
            rules.expire(now);
            if (now - savedMillis >= config.save().toMillis() || now < savedMillis) {
                save();
            }
        }
    }

    // One that was cut may bring its copy.
    private synchronized List<TailedFile> unseen(Set<TailedFile> seen) {
        return files.all().stream().filter(file -> !seen.contains(file)).toList();
    }

    private void follow(TailedFile file) {
        try {
            long read = 0;
            boolean more = begin(file);
            while (more && read < MOST_BYTES_PER_LOOK) {
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    long before = file.offset();
                    more = chunk(file);
                    read += file.offset() - before;
                }
            }
            synchronized (this) {
                if (!closed) {
                    file.cutShort(more);
                    rest(file);
                }
            }
        } catch (IOException e) {
            files.unreadable(file.path(), e);
        }
    }

    /** Whether there may be something to read; a file that was cut is begun anew. */
    private synchronized boolean begin(TailedFile file) throws IOException {
        nowMillis = clock.millis();
        if (closed) {
            return false;
        }
        if (!file.hasChanged(nowMillis)) {
            return file.isCutShort();
        }
        if (!file.isItself()) {
            files.begunAnew(file, nowMillis);
        }
        return true;
    }

    /** Reads once; gives whether there may be more. */
    private boolean chunk(TailedFile file) throws IOException {
        nowMillis = clock.millis();
        int length = file.read(buffer);
        return consume(file, length, false) > 0 && length == buffer.length;
    }

    private int consume(TailedFile file, int length, boolean last) {
        if (length == 0) {
            return 0;
        }
        int consumed = cutter.cut(buffer, length, file.isSkipping(), last);
        boolean within = consumed < 0;
        int count = within ? ~consumed : consumed;
        if (count > 0) {
            file.advance(buffer, count, within);
        }
        return count;
    }

    /** Takes what waits for more that will not come: records of several lines, and the end of rotated files. */
    private void rest(TailedFile file) throws IOException {
        if (file.isCutShort()) {
            return;
        }
        long quiet = file.quietMillis(nowMillis);
        MultilineConfig multiline = config.multiline();
        if (multiline != null && quiet >= multiline.timeout().toMillis() && file.offset() < file.size()) {
            int length = file.read(buffer);
            while (length > 0 && buffer[length - 1] != '\n') {
                length--;
            }
            consume(file, length, true);
        }
        if (!file.isListed() && quiet >= config.rotatedWait().toMillis()) {
            int length = file.read(buffer);
            if (length < buffer.length) {
                consume(file, length, true);
                files.finish(file);
            }
        }
    }

    private void save() {
        Checkpoint to = checkpoint;
        if (to == null) {
            return;
        }
        savedMillis = clock.millis();
        try {
            to.save(files.all(), files.gone());
            files.goneSaved();
            metrics.saved().set(1);
            if (!trouble.isEmpty()) {
                trouble = "";
                logger.atInfo().addKeyValue("tail", config.name()).log("offsets and values are saved again");
            }
        } catch (IOException e) {
            metrics.saveFailures().inc();
            metrics.saved().set(0);
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(trouble)) {
                trouble = reason;
                logger.atError()
                        .addKeyValue("tail", config.name())
                        .addKeyValue("file", stateFile)
                        .addKeyValue("reason", reason)
                        .log("offsets and values cannot be saved; lines would be counted twice after a crash");
            }
        }
    }

    /** What has been counted, made durable. */
    synchronized List<MetricFamily> families() {
        if (!closed) {
            save();
        }
        files.measure();
        metrics.series().set(rules.seriesCount());
        return rules.families();
    }

    /** What would become of a record, one statement a line; empty when no rule wants it. */
    List<String> explain(String record) {
        List<String> statements = new ArrayList<>();
        String who = "tail " + config.name() + ": ";
        RuleSet fresh = new RuleSet(
                config.format(),
                config.rules(),
                config.timestamp(),
                config.labels(),
                config.maxSeries(),
                loss -> statements.add(who + "leaves something out: " + loss.text()));
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        fresh.record(bytes, 0, bytes.length, 0);
        for (MetricFamily family : fresh.families()) {
            for (MetricPoint point : family.points()) {
                if (point.value() != 0) {
                    statements.add(who + "a record like this makes "
                            + point.key().toStored() + " " + FloatText.formatG(point.value()));
                }
            }
        }
        return statements;
    }

    @Override
    public void record(byte[] bytes, int from, int to) {
        rules.record(bytes, from, to, nowMillis);
    }

    @Override
    public void read(int lines, int bytes) {
        metrics.lines().inc(lines);
        metrics.bytes().inc(bytes);
    }

    @Override
    public void lost(Loss loss) {
        metrics.lost(loss);
    }

    @Override
    public void mended() {
        metrics.mended().inc();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        save();
        closed = true;
        files.close();
        Checkpoint opened = checkpoint;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                logger.atWarn().addKeyValue("file", stateFile).log("cannot be closed: {}", e.getMessage());
            }
        }
    }
}
