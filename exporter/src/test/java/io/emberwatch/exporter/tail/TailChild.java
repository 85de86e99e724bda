package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A process that tails until it is killed, and prints the sums that a scrape sees over and over. */
final class TailChild {
    private TailChild() {}

    /** @param arguments the data directory, and the tail as YAML */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        InstantSource clock = InstantSource.system();
        ThreadScheduler scheduler = new ThreadScheduler(clock);
        Path data = Path.of(arguments[0]);
        TailPart part = new TailPart(
                List.of(TailHarness.config(arguments[1])),
                new ServiceContext(clock, scheduler, data, data),
                new CollectorRegistry());
        part.start();
        Source source = part.sources().get(0);
        while (true) {
            StringBuilder line = new StringBuilder();
            for (MetricFamily family : source.samples().collect(Deadline.after(Duration.ofSeconds(1)))) {
                line.append(family.name())
                        .append('=')
                        .append((long) family.points().get(0).value())
                        .append(' ');
            }
            System.out.println(line);
            Thread.sleep(2);
        }
    }
}
