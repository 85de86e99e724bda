package io.emberwatch.exporter.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.scrape.SourceReport.Outcome;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverlappingScrapesTest {
    private static final Deadline LONG = Deadline.after(Duration.ofMinutes(1));

    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private final Slow slow = new Slow();
    private final Scraper scraper =
            new Scraper(List.of(Source.of(slow)), new ExporterMetrics(new CollectorRegistry()), 100);

    @AfterEach
    void close() {
        scraper.close();
    }

    @Test
    void aShorterScrapeHasARunThatKnowsItsDeadline() throws Exception {
        CompletableFuture<SourceReport> patient = scrape(LONG);
        Run first = next();
        Deadline hurry = Deadline.after(Duration.ofSeconds(20));
        CompletableFuture<SourceReport> hurried = scrape(hurry);
        Run second = next();

        assertThat(second.deadline).isEqualTo(hurry);
        second.answer(2);
        assertThat(value(hurried)).isEqualTo(2);
        first.answer(1);
        assertThat(value(patient)).isEqualTo(1);
    }

    @Test
    void aLongerScrapeSharesARunThatHadTimeEnough() throws Exception {
        CompletableFuture<SourceReport> hurried = scrape(Deadline.after(Duration.ofSeconds(40)));
        Run only = next();
        CompletableFuture<SourceReport> patient = scrape(LONG);
        awaitSharing();
        only.answer(3);

        assertThat(value(hurried)).isEqualTo(3);
        assertThat(value(patient)).isEqualTo(3);
        assertThat(runs).isEmpty();
    }

    @Test
    void aLongerScrapeIsNotCutWithAShorterOne() throws Exception {
        Deadline hurry = Deadline.after(Duration.ofMillis(400));
        CompletableFuture<SourceReport> hurried = scrape(hurry);
        Run first = next();
        CompletableFuture<SourceReport> patient = scrape(LONG);
        assertThat(hurried.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.TIMED_OUT);
        first.answer(1); // all it had by its deadline

        Run second = next();
        assertThat(second.deadline).isEqualTo(LONG);
        second.answer(2);
        assertThat(value(patient)).isEqualTo(2);
    }

    @Test
    void thereAreNeverMoreThanTwoRunsAndAScrapeBeyondWaitsByItsOwnDeadline() throws Exception {
        CompletableFuture<SourceReport> one = scrape(LONG);
        Run first = next();
        CompletableFuture<SourceReport> two = scrape(Deadline.after(Duration.ofSeconds(30)));
        Run second = next();
        CompletableFuture<SourceReport> three = scrape(Deadline.after(Duration.ofMillis(50)));

        assertThat(three.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(runs).isEmpty();
        first.answer(1);
        second.answer(2);
        assertThat(value(one)).isEqualTo(1);
        assertThat(value(two)).isEqualTo(2);
    }

    @Test
    void whatAnEarlierScrapeWasToldIsNotShownAgain() throws Exception {
        CompletableFuture<SourceReport> good = scrape(LONG);
        next().answer(1);
        assertThat(value(good)).isEqualTo(1);

        SourceReport late = scrape(Deadline.after(Duration.ofMillis(50))).get(10, TimeUnit.SECONDS);
        assertThat(late.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(late.families()).isEmpty();
        Run stuck = next();
        assertThat(scrape(LONG).get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(runs).isEmpty();

        stuck.answer(2);
        CompletableFuture<SourceReport> mended = scrape(LONG);
        Run again = runs.poll(2, TimeUnit.SECONDS);
        if (again == null) { // the stuck run had not quite ended
            mended = scrape(LONG);
            again = next();
        }
        again.answer(3);
        assertThat(value(mended)).isEqualTo(3);
    }

    private CompletableFuture<SourceReport> scrape(Deadline deadline) {
        return CompletableFuture.supplyAsync(
                () -> scraper.scrape(scraper.sources(), deadline).get(0), task -> {
                    Thread thread = new Thread(task, "scrape");
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    // Nothing shows that a scrape waits for a run of another; it gets what a scrape needs to come so far.
    private void awaitSharing() throws InterruptedException {
        assertThat(runs.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    private static double value(CompletableFuture<SourceReport> report) throws Exception {
        return report.get(10, TimeUnit.SECONDS)
                .families()
                .get(0)
                .points()
                .get(0)
                .value();
    }

    private Run next() throws InterruptedException {
        Run run = runs.poll(10, TimeUnit.SECONDS);
        assertThat(run).isNotNull();
        return run;
    }

    private static final class Run {
        private final Deadline deadline;
        private final CountDownLatch answered = new CountDownLatch(1);
        private volatile double answer;

        Run(Deadline deadline) {
            this.deadline = deadline;
        }

        void answer(double value) {
            answer = value;
            answered.countDown();
        }
    }

    /** Answers when told to. */
    private final class Slow implements SampleSource {
        @Override
        public String name() {
            return "slow";
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            Run run = new Run(deadline);
            runs.add(run);
            try {
                run.answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of(MetricFamily.gauge("slow", "", run.answer));
        }
    }
}
