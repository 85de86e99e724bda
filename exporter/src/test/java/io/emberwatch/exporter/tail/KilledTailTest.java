package io.emberwatch.exporter.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process is killed over and over while a log grows and is rotated in both ways: nothing is lost or doubled. */
final class KilledTailTest {
    private static final int KILLS = 12;
    // A loaded machine starts a process slowly; of all rotations the logs stay below what is followed at a time.
    private static final int MOST_ROTATIONS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Random random = new Random(20261121);
    private long written;
    private long sum;

    @Test
    void countsEveryLineOnceHoweverOftenItIsKilled() throws Exception {
        Files.createDirectories(folder.resolve("logs"));
        Path log = folder.resolve("logs/app.log");
        long shown = 0;
        for (int kill = 0; kill <= KILLS; kill++) {
            Process child = start();
            try (BufferedReader out = child.inputReader(UTF_8)) {
                AtomicBoolean writing = new AtomicBoolean(true);
                Thread writer = new Thread(() -> write(log, writing), "writer");
                writer.start();
                long end = System.nanoTime()
                        + Duration.ofMillis(150 + random.nextInt(250)).toNanos();
                boolean last = kill == KILLS;
                if (last) {
                    writing.set(false);
                    writer.join();
                    end = System.nanoTime() + PATIENCE.toNanos();
                }
                String line = out.readLine();
                for (; line != null && System.nanoTime() < end; line = out.readLine()) {
                    long lines = value(line, "lines_total");
                    assertThat(lines)
                            .as("a scrape after a kill shows no less than before")
                            .isGreaterThanOrEqualTo(shown);
                    shown = lines;
                    if (last && lines == written && value(line, "id_sum_total") == sum) {
                        break;
                    }
                }
                child.destroyForcibly().waitFor();
                writing.set(false);
                writer.join();
                if (last) {
                    assertThat(line).isEqualTo("lines_total=%d id_sum_total=%d ".formatted(written, sum));
                }
            }
        }
        assertThat(written).isGreaterThan(1000);
    }

    private Process start() throws IOException {
        String yaml = """
                paths: ["%s/logs/app.log*"]
                from: beginning
                poll: 10ms
                save: 20ms
                rules:
                  - {name: lines_total}
                  - {name: id_sum_total, match: 'id=(?P<id>[0-9]+)', value: id}
                """.formatted(folder);
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TailChild.class.getName(),
                        folder.resolve("data").toString(),
                        yaml))
                .redirectError(folder.resolve("child.log").toFile())
                .start();
    }

    private static long value(String line, String name) {
        int at = line.indexOf(name + "=");
        return at < 0 ? 0 : Long.parseLong(line.substring(at + name.length() + 1, line.indexOf(' ', at)));
    }

    private void write(Path log, AtomicBoolean writing) {
        try {
            int rotation = 0;
            do {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(40); i >= 0; i--) {
                    written++;
                    sum += written;
                    text.append("id=").append(written).append(" some more\n");
                }
                int half = random.nextInt(text.length());
                append(log, text.substring(0, half));
                append(log, text.substring(half));
                if (rotation < MOST_ROTATIONS && random.nextInt(12) == 0) {
                    rotate(log, "app.log." + written + "." + rotation++);
                }
                LockSupport.parkNanos(500_000);
            } while (writing.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rotate(Path log, String name) throws IOException {
        Path rotated = log.resolveSibling(name);
        if (random.nextBoolean()) {
            Files.move(log, rotated);
        } else {
            Files.copy(log, rotated, StandardCopyOption.REPLACE_EXISTING);
            Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    private static void append(Path log, String text) throws IOException {
        Files.write(log, text.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
