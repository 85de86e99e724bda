package io.emberwatch.exporter;

import io.emberwatch.exporter.scrape.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts there are now, and how one set of them becomes another while the process lives. */
final class RunningParts {
    private static final Logger logger = LoggerFactory.getLogger("exporter");

    private volatile List<Running> running = List.of();
    private boolean started;

    /**
     * @throws IllegalArgumentException when two parts have the same name, or one cannot be made
     */
    RunningParts(List<PartPlan> plans) {
        requireDistinct(plans);
        running = plans.stream().map(Running::of).toList();
    }

    /** The parts in the order of their plans. */
    List<Part> parts() {
        return running.stream().map(Running::part).toList();
    }

    /** What all parts have of something, in order. */
    <T> List<T> all(Function<Part, List<T>> what) {
        return running.stream().flatMap(one -> what.apply(one.part).stream()).toList();
    }

    synchronized void start() throws IOException {
        started = true;
        for (Running one : running) {
            one.part.start();
        }
    }

    /**
     * Takes up other plans: parts whose section is the same keep running and look at their files again, the others are
     * closed, and what is new is begun. When that fails, all is as it was before.
     *
     * @throws IOException with every fault; those of files leave their part as it was and the rest changed
     */
    synchronized void change(List<PartPlan> plans) throws IOException {
        requireDistinct(plans);
        List<Running> before = running;
        List<Running> leaving = before.stream()
                .filter(one -> plans.stream().noneMatch(one.plan::isSameAs))
                .toList();
        leaving.forEach(one -> one.part.close());
        List<Running> begun = new ArrayList<>();
        List<Running> after = new ArrayList<>();
        try {
            for (PartPlan plan : plans) {
                Running kept = before.stream()
                        .filter(one -> one.plan.isSameAs(plan))
                        .findFirst()
                        .orElse(null);
                if (kept == null) {
                    Running one = Running.of(plan);
                    begun.add(one);
                    if (started) {
                        one.part.start();
                    }
                    after.add(one);
                } else {
                    after.add(kept);
                }
            }
        } catch (IOException | RuntimeException e) {
            begun.forEach(one -> one.part.close());
            running = restore(before, leaving);
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        running = List.copyOf(after);
        reloadFiles(after, begun);
    }

    private static void reloadFiles(List<Running> after, List<Running> begun) throws IOException {
        List<String> faults = new ArrayList<>();
        for (Running one : after) {
            if (!begun.contains(one)) {
                try {
                    one.part.reload();
                } catch (IOException e) {
                    faults.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new IOException(String.join("\n", faults));
        }
    }

    private List<Running> restore(List<Running> before, List<Running> closed) {
        List<Running> restored = new ArrayList<>();
        for (Running one : before) {
            if (!closed.contains(one)) {
                restored.add(one);
                continue;
            }
            try {
                Running again = Running.of(one.plan);
                restored.add(again);
                if (started) {
                    again.part.start();
                }
            } catch (IOException | RuntimeException e) {
                logger.atError()
                        .addKeyValue("part", one.plan.name())
                        .addKeyValue("reason", e.getMessage())
                        .log("could not be begun again as it was");
            }
        }
        return List.copyOf(restored);
    }

    private static void requireDistinct(List<PartPlan> plans) {
        Set<String> names = new LinkedHashSet<>();
        for (PartPlan plan : plans) {
            if (!names.add(plan.name())) {
                throw new IllegalArgumentException(plan.name() + ": two parts have this name");
            }
        }
    }

    synchronized void close() {
        started = false;
        running.forEach(one -> one.part.close());
    }

    private record Running(PartPlan plan, Part part) {
        static Running of(PartPlan plan) {
            return new Running(plan, plan.beginning().get());
        }
    }
}
