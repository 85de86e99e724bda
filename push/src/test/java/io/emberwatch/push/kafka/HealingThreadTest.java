package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.metrics.PushMetrics;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HealingThreadTest {
    private final PushMetrics metrics = new PushMetrics(new CollectorRegistry());

    @Test
    void beginsAnewAfterAnException() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HealingThread thread = new HealingThread("c", "test", metrics, self -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
            }
            self.healthy();
            second.countDown();
            try {
                assertThat(end.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(thread.trouble()).isEqualTo("is starting");
        thread.start();

        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(thread.trouble()).isEmpty();
        assertThat(thread.isWorking()).isTrue();
        assertThat(metrics.threadRestarts.labels("c").get()).isEqualTo(1);
        end.countDown();
        thread.end(Duration.ofSeconds(5));
        assertThat(thread.isWorking()).isFalse();
    }

    @Test
    void endsWithoutHavingBegun() {
        HealingThread thread = new HealingThread("c", "test", metrics, self -> {});

        thread.end(Duration.ofSeconds(1));

        assertThat(thread.isEnding()).isTrue();
        assertThat(thread.isWorking()).isFalse();
    }
}
