package io.emberwatch.exporter.host;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers of inodes, asked of {@code stat -f} because Java has no call for them: one process for all mounts, once per
 * interval, beside the scrape. A process that hangs is left alone and no other is started until it has ended.
 */
final class InodeCounts {
    private static final Logger logger = LoggerFactory.getLogger("host");
    private static final int MAX_OUTPUT = 1 << 20;

    private final String program;
    private final long intervalNanos;
    private final Executor workers;
    private Map<Path, Inodes> counts = Map.of();
    private boolean asking;
    private boolean asked;
    private boolean failed;
    private long askedAt;

    InodeCounts(String program, Duration interval, Executor workers) {
        this.program = program;
        this.intervalNanos = interval.toNanos();
        this.workers = workers;
    }

    /** Inodes of a file system, in total and free. */
    record Inodes(double total, double free) {}

    /**
     * The last numbers known of the mounts; asks for new ones when these are old. Only the first time, or when a mount is
     * new, are they waited for, at most {@code patience}.
     */
    synchronized Map<Path, Inodes> of(Collection<Path> mountPoints, Duration patience) {
        boolean incomplete = !counts.keySet().containsAll(mountPoints);
        boolean old = !asked || System.nanoTime() - askedAt >= intervalNanos;
        if (!asking && (old || (incomplete && !failed)) && !mountPoints.isEmpty()) {
            askedAt = System.nanoTime();
            asked = true;
            asking = true;
            start(List.copyOf(mountPoints));
            if (incomplete) {
                await(patience);
            }
        }
        return counts;
    }

    private void start(List<Path> mountPoints) {
        try {
            workers.execute(() -> done(run(mountPoints)));
        } catch (RejectedExecutionException e) {
            asking = false;
        }
    }

    private synchronized void done(@Nullable Map<Path, Inodes> answer) {
        asking = false;
        failed = answer == null || answer.isEmpty();
        counts = answer == null ? counts : Map.copyOf(answer);
        notifyAll();
    }

    private void await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toMillis(); asking && left > 0; ) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Map<Path, Inodes> run(List<Path> mountPoints) {
        List<String> command = new ArrayList<>(List.of(program, "-f", "-c", "%c %d %n", "--"));
        mountPoints.forEach(mountPoint -> command.add(mountPoint.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectError(Redirect.DISCARD);
        try {
            Process process = builder.start();
            try (InputStream out = process.getInputStream()) {
                return parse(new String(out.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            logger.debug("no numbers of inodes: {}", e.getMessage());
            return null;
        }
    }

    static Map<Path, Inodes> parse(String output) {
        Map<Path, Inodes> counts = new HashMap<>();
        for (String line : output.split("\n", -1)) {
            String[] words = line.split(" ", 3);
            if (words.length == 3) {
                try {
                    counts.put(Path.of(words[2]), new Inodes(Words.count(words[0]), Words.count(words[1])));
                } catch (IllegalArgumentException e) {
                    logger.debug("not understood: {}", line);
                }
            }
        }
        return counts;
    }
}
