package io.emberwatch.bridge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.model.Labels;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a loss of power leaves of the file: a log that ends in the middle of a write, or in rubbish. */
class TornFileTest {
    private static final Instant START = Instant.parse("2026-11-21T01:00:00Z");
    private static final int TAKEN = 40;
    private static final int CUTS = 25;

    @TempDir
    Path folder;

    private final BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());

    private Outbox open(Path directory) throws IOException {
        return Outbox.open(
                new Outbox.Options(directory, 64 << 20, new DedupPolicy(Duration.ofMinutes(30), true)), metrics, START);
    }

    private static CompletableFuture<Taken> take(Outbox outbox, int number) {
        Notification notification = new Notification(
                "team",
                "group " + number,
                Labels.of("alertname", "A" + number),
                List.of(Samples.firing("A" + number, "1")),
                0,
                "",
                "");
        return outbox.take(new Received(
                "webhook",
                notification,
                Payload.of(WebhookJson.write(notification)),
                "A" + number,
                List.of("chat"),
                START));
    }

    @Test
    void whatWasOnDiskBeforeTheTornWriteIsThereAndTheOutboxGoesOn() throws IOException {
        byte[] file;
        byte[] log;
        try (Outbox outbox = open(folder.resolve("whole"))) {
            for (int i = 0; i < TAKEN; i++) {
                Outbox.await(take(outbox, i));
            }
            file = Files.readAllBytes(folder.resolve("whole/outbox.db"));
            log = Files.readAllBytes(folder.resolve("whole/outbox.db-wal"));
        }
        assertThat(held(file, log, "all")).isEqualTo(TAKEN);
        Random random = new Random(5);
        int[] lengths = random.ints(CUTS, log.length / 2, log.length).sorted().toArray();
        int before = 0;
        for (int length : lengths) {
            int held = held(file, Arrays.copyOf(log, length), "cut-" + length);
            assertThat(held).as("cut at %d of %d", length, log.length).isBetween(before, TAKEN);
            before = held;
            byte[] rubbish = log.clone();
            for (int i = length; i < Math.min(log.length, length + 5000); i++) {
                rubbish[i] = (byte) random.nextInt();
            }
            assertThat(held(file, rubbish, "rubbish-" + length)).isBetween(held, held + 1);
        }
        assertThat(before).as("some of it was in the second half").isGreaterThan(TAKEN / 2);
    }

    // How many are there, none missing before the last; what is not there can be taken in.
    private int held(byte[] file, byte[] log, String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        Files.write(copy.resolve("outbox.db"), file);
        Files.write(copy.resolve("outbox.db-wal"), log);
        try (Outbox outbox = open(copy)) {
            List<Archive.Entry> entries = outbox.archive().entries(Long.MAX_VALUE, TAKEN);
            int held = entries.size();
            assertThat(entries.stream().mapToLong(entry -> entry.row().id()).sorted())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, held).boxed().toList());
            assertThat(outbox.archive().waiting("chat", TAKEN)).hasSize(held);
            List<CompletableFuture<Taken>> again =
                    IntStream.range(0, TAKEN).mapToObj(i -> take(outbox, i)).toList();
            for (int i = 0; i < TAKEN; i++) {
                assertThat(Outbox.await(again.get(i)).verdict())
                        .isEqualTo(i < held ? Verdict.DUPLICATE : Verdict.ACCEPTED);
            }
            return held;
        }
    }
}
