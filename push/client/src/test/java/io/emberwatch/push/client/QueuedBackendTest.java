package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class QueuedBackendTest {
    private final Tally tally = new Tally();
    private final List<Line> taken = new ArrayList<>();

    @Test
    void whatFailsIsSentAgainInOrder() throws Exception {
        int[] calls = {0};
        QueuedBackend queue = queue(100, lines -> {
            if (calls[0]++ < 2) {
                throw new IOException("away");
            }
            taken.addAll(lines);
        });
        List<Line> lines = lines(10);
        queue.send(lines.subList(0, 4));
        queue.send(lines.subList(4, 10));
        queue.close();
        assertThat(taken).containsExactlyElementsOf(lines);
        assertThat(tally.soFar("b")).isEqualTo(new Delivery("b", 10, 0, 0, 2));
    }

    @Test
    void whatFindsNoRoomIsDroppedAndCounted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        QueuedBackend queue = queue(5, lines -> {
            entered.countDown();
            await(blocked);
            taken.addAll(lines);
        });
        queue.send(lines(1));
        await(entered);
        queue.send(lines(10)); // the first still has its place until it is sent
        blocked.countDown();
        queue.close();
        assertThat(tally.soFar("b")).isEqualTo(new Delivery("b", 5, 6, 0, 0));
    }

    @Test
    void refusedLinesAreCountedAndTheRestGoesOn() throws Exception {
        QueuedBackend queue = queue(100, lines -> {
            if (taken.isEmpty()) {
                taken.addAll(lines);
                throw new RefusedException(1, "bad");
            }
            taken.addAll(lines);
        });
        queue.send(lines(3));
        queue.send(lines(2));
        queue.close();
        assertThat(tally.soFar("b")).isEqualTo(new Delivery("b", 4, 0, 1, 0));
    }

    @Test
    void whatCannotBeSentBeforeTheEndIsCounted() throws Exception {
        Backend away = lines -> {
            throw new IOException("away for good");
        };
        QueuedBackend queue = new QueuedBackend(away, "b", 100, Duration.ofMillis(300), tally);
        queue.send(lines(3));
        long began = System.nanoTime();
        queue.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        assertThat(tally.soFar("b").dropped()).isEqualTo(3);
        assertThat(tally.soFar("b").failures()).isPositive();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private QueuedBackend queue(int capacity, Backend next) {
        return new QueuedBackend(next, "b", capacity, Duration.ofSeconds(20), tally);
    }

    static List<Line> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Line.of(Metric.named("m").value(i).build(), Instant.ofEpochSecond(i)))
                .toList();
    }
}
