package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.status.BoundedCall;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs probes to their end or to their deadline, whichever is first. */
final class ProbeRunner {
    private static final Logger logger = LoggerFactory.getLogger("exporter.probe");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration RESERVE = Duration.ofMillis(100);
    private static final double NANOS = 1e9;

    private final ModuleConfig config;
    private final Prober prober;

    ProbeRunner(ModuleConfig config) {
        this.config = config;
        prober = config.prober().equals("http") ? new HttpProber(config.http()) : new TcpProber(config.tcp());
    }

    /** What became of a probe. */
    record Outcome(boolean success, String reason, List<MetricFamily> families) {}

    /** @param reach whether the probe may go to where a target sends it on */
    Outcome run(String target, Deadline deadline, Predicate<String> reach) {
        long started = System.nanoTime();
        Duration module = config.timeout() == null ? DEFAULT_TIMEOUT : config.timeout();
        Duration left = deadline.remaining();
        Duration patience = left.compareTo(module) < 0 ? left : module;
        ProbeResult result = new ProbeResult(reach);
        boolean success = false;
        String reason;
        List<MetricFamily> families = new ArrayList<>();
        try {
            success = new BoundedCall("probe")
                    .run(
                            () -> prober.probe(target, Deadline.after(patience), result),
                            result::abort,
                            Deadline.after(patience.plus(RESERVE)));
            reason = result.reason();
            families.addAll(result.families().list());
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
            families.addAll(result.families().list());
        } catch (TargetFault e) {
            // A probe that was cut off may still be writing to its result.
            reason = String.valueOf(e.getMessage());
        }
        Set<String> said = families.stream().map(MetricFamily::name).collect(Collectors.toSet());
        prober.initial().stream()
                .filter(family -> !said.contains(family.name()))
                .forEach(families::add);
        families.add(MetricFamily.gauge(
                "probe_success", "Displays whether or not the probe was a success", success ? 1 : 0));
        families.add(MetricFamily.gauge(
                "probe_duration_seconds",
                "Returns how long the probe took to complete in seconds",
                (System.nanoTime() - started) / NANOS));
        if (!success) {
            logger.debug("probe of {} failed: {}", target, reason);
        }
        return new Outcome(success, reason, families);
    }
}
