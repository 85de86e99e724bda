package io.emberwatch.exporter.exec;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is told of programs. */
final class ExecMetrics {
    private static final String PREFIX = "emberwatch_exporter_exec_";

    private final Gauge success;
    private final Gauge duration;
    private final Gauge exitCode;
    private final Counter errors;

    /** Why a run brings less than it should. */
    enum Fault {
        START,
        TIMEOUT,
        EXIT_CODE,
        TOO_LONG,
        /** A line or value of its output was not understood. */
        FORMAT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    ExecMetrics(CollectorRegistry registry) {
        success = gauge(registry, "success", "Whether the last run of a program brought what it should.");
        duration = gauge(registry, "duration_seconds", "How long the last run of a program took.");
        exitCode =
                gauge(registry, "exit_code", "With what code the last run of a program ended, -1 when it was killed.");
        errors = Counter.build(PREFIX + "errors_total", "What was wrong with runs of programs and their output.")
                .labelNames("exec", "error")
                .register(registry);
    }

    private static Gauge gauge(CollectorRegistry registry, String name, String help) {
        return Gauge.build(PREFIX + name, help).labelNames("exec").register(registry);
    }

    One of(String exec) {
        Map<Fault, Counter.Child> children = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            children.put(fault, errors.labels(exec, fault.text()));
        }
        return new One(success.labels(exec), duration.labels(exec), exitCode.labels(exec), children);
    }

    /** What is told of one program. */
    record One(Gauge.Child success, Gauge.Child duration, Gauge.Child exitCode, Map<Fault, Counter.Child> errors) {
        void error(Fault fault, int times) {
            Counter.Child child = errors.get(fault);
            if (child != null) {
                child.inc(times);
            }
        }
    }
}
