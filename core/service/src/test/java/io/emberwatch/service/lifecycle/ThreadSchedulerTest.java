package io.emberwatch.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadSchedulerTest {
    private static final Duration PERIOD = Duration.ofMillis(20);

    private final ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
    private final BlockingQueue<Instant> ticks = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Instant next() throws InterruptedException {
        Instant tick = ticks.poll(20, TimeUnit.SECONDS);
        assertThat(tick).as("a tick within 20 s").isNotNull();
        return tick;
    }

    @Test
    void ticksStandOnTheGridAndAscend() throws InterruptedException {
        Instant before = Instant.now();
        scheduler.every("grid", PERIOD, Duration.ofMillis(7), ticks::add);

        Instant last = Instant.EPOCH;
        for (int i = 0; i < 6; i++) {
            Instant tick = next();
            assertThat(tick.toEpochMilli() % 20).isEqualTo(7);
            assertThat(tick).isAfter(last).isAfter(before);
            last = tick;
        }
    }

    @Test
    void slowTaskLeavesInstantsOutInsteadOfOverlapping() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        scheduler.every("slow", PERIOD, Duration.ZERO, tick -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                assertThat(never.await(70, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.decrementAndGet();
            ticks.add(tick);
        });

        Instant first = next();
        Instant second = next();
        Instant third = next();

        assertThat(most).hasValue(1);
        assertThat(Duration.between(first, second)).isGreaterThan(PERIOD);
        assertThat(Duration.between(second, third).toMillis() % 20).isZero();
    }

    @Test
    void exceptionsEndNothing() throws InterruptedException {
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        faults.add(new IllegalStateException("planned"));
        faults.add(new AssertionError("planned"));
        faults.add(new IOException("planned"));
        scheduler.every("faulty", PERIOD, Duration.ZERO, tick -> {
            ticks.add(tick);
            ThreadSchedulerTest.<RuntimeException>throwUndeclared(faults.remove());
        });

        for (int i = 0; i < 5; i++) {
            next();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void throwUndeclared(Throwable fault) throws E {
        throw (E) fault;
    }

    @Test
    void slowTaskDelaysNoOther() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        scheduler.once("slow", Duration.ZERO, () -> {
            held.countDown();
            await(release);
        });
        await(held);
        scheduler.every("quick", PERIOD, Duration.ZERO, ticks::add);

        next();
        next();
        release.countDown();
    }

    @Test
    void onceRunsOnceAfterItsDelay() throws InterruptedException {
        long begin = System.nanoTime();
        scheduler.once("late", Duration.ofMillis(50), () -> ticks.add(Instant.EPOCH));
        scheduler.once("at once", Duration.ofMillis(-5), () -> ticks.add(Instant.MAX));

        assertThat(next()).isEqualTo(Instant.MAX);
        assertThat(next()).isEqualTo(Instant.EPOCH);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(ticks.poll(60, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void closedTasksDoNotRun() throws InterruptedException {
        Scheduler.Task once = scheduler.once("once", Duration.ofMillis(40), () -> ticks.add(Instant.EPOCH));
        Scheduler.Task periodic = scheduler.every("periodic", PERIOD, Duration.ZERO, ticks::add);
        next();
        periodic.close();
        once.close();
        CountDownLatch later = new CountDownLatch(1);
        scheduler.once("later", Duration.ofMillis(80), later::countDown);
        await(later);

        // One tick may have been under way when the task was closed.
        assertThat(ticks).hasSizeLessThanOrEqualTo(1).doesNotContain(Instant.EPOCH);
    }

    @Test
    void periodicTaskOutlivesALackOfThreads() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(ThreadScheduler.MAX_WORKERS);
        for (int i = 0; i < ThreadScheduler.MAX_WORKERS; i++) {
            scheduler.once("hog", Duration.ZERO, () -> {
                held.countDown();
                await(release);
            });
        }
        await(held);
        scheduler.every("patient", PERIOD, Duration.ZERO, ticks::add);
        assertThat(ticks.poll(60, TimeUnit.MILLISECONDS)).isNull();

        release.countDown();

        next();
        next();
    }

    @Test
    void closedSchedulerInterruptsAndTakesNothingMore() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scheduler.once("waits", Duration.ZERO, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        await(begun);

        scheduler.close();

        await(interrupted);
        scheduler.once("after", Duration.ZERO, () -> ticks.add(Instant.EPOCH));
        scheduler.every("after", PERIOD, Duration.ZERO, ticks::add);
        assertThat(ticks.poll(60, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void periodOfNothingIsRefused() {
        for (Duration period : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(1))) {
            assertThatThrownBy(() -> scheduler.every("x", period, Duration.ZERO, ticks::add))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("a period is at least a millisecond");
        }
    }
}
