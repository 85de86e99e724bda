package io.emberwatch.rules.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.Cancellation;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class QueryGateTest {
    private static final QueryResult RESULT = new QueryResult(new QueryValue.Scalar(0, 1), List.of());
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CollectorRegistry registry = new CollectorRegistry();
    private final QueryGate gate = new QueryGate(2, 3, new QueryMetrics(registry));
    private final CountDownLatch release = new CountDownLatch(1);

    private QueryResult hold() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return RESULT;
    }

    private void awaitMetric(String name, double value) {
        while (registry.getSampleValue(name) != value) {
            Thread.onSpinWait();
        }
    }

    @Test
    void someRunSomeWaitAndMoreAreRefused() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        List<Future<QueryResult>> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            results.add(threads.submit(() -> gate.run(
                    () -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        QueryResult result = hold();
                        now.decrementAndGet();
                        return result;
                    },
                    LONG,
                    Cancellation.NEVER)));
        }
        awaitMetric("emberwatch_rules_queries_waiting", 3);
        assertThat(registry.getSampleValue("prometheus_engine_queries")).isEqualTo(5);
        assertThatThrownBy(() -> gate.run(() -> RESULT, LONG, Cancellation.NEVER))
                .isInstanceOf(QueryException.class)
                .hasMessage("more than 3 queries wait to be executed");
        release.countDown();
        for (Future<QueryResult> result : results) {
            assertThat(result.get()).isEqualTo(RESULT);
        }
        assertThat(most).hasValue(2);
        assertThat(registry.getSampleValue("prometheus_engine_queries")).isZero();
        threads.shutdown();
    }

    @Test
    void whoWaitsTooLongOrLeavesIsNotServed() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<QueryResult>> held = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            held.add(threads.submit(() -> gate.run(this::hold, LONG, Cancellation.NEVER)));
        }
        awaitMetric("prometheus_engine_queries", 2);
        assertThatThrownBy(() -> gate.run(() -> RESULT, Duration.ofMillis(1), Cancellation.NEVER))
                .hasMessage("query timed out in query queue");
        assertThatThrownBy(() -> gate.run(() -> RESULT, LONG, () -> true))
                .hasMessage("query was canceled in query queue");
        assertThat(registry.getSampleValue("emberwatch_rules_queries_abandoned_total"))
                .isEqualTo(1);
        release.countDown();
        for (Future<QueryResult> result : held) {
            assertThat(result.get()).isEqualTo(RESULT);
        }
        threads.shutdown();
    }
}
