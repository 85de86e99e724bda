package io.emberwatch.scorer;

import io.emberwatch.model.flow.QuerySource;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A run of a real cluster in known states, held by a real Prometheus, to be scored again. */
final class RecordedRun implements AutoCloseable {
    private final ReplayPrometheus prometheus;
    private final List<Phase> phases;

    /** Of a compressed OpenMetrics page and the times of the states. */
    RecordedRun(Path page, Path phases, Path folder) throws Exception {
        this.phases = Phase.read(phases);
        prometheus = ReplayPrometheus.ofCompressed(page, folder);
    }

    /** One that is kept beside the tests, by its folder. */
    static RecordedRun kept(String name, Path folder) throws Exception {
        return new RecordedRun(copy(name, "page.om.gz", folder), copy(name, "phases.csv", folder), folder);
    }

    /** A file of a run that is kept beside the tests. */
    static Path copy(String run, String name, Path folder) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            String resource = run + "/" + name;
            try (InputStream in = Objects.requireNonNull(RecordedRun.class.getResourceAsStream(resource), resource)) {
                Files.copy(in, file);
            }
        }
        return file;
    }

    List<Phase> phases() {
        return phases;
    }

    Phase phase(String name) {
        return phases.stream()
                .filter(phase -> phase.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The phases in which clients were served badly. */
    List<Phase> suffering() {
        return phases.stream().filter(Phase::clientsSuffer).toList();
    }

    /**
     * The scores of the whole run, at several positions of the scorer's interval against the scrapes.
     *
     * @param first seconds after the start at which the first score is made
     * @param step between two positions, in seconds
     * @param definitions of recorded names, see {@link Recording}
     */
    List<Replay> replays(String model, int first, int step, Map<String, String> definitions) throws Exception {
        Instant end = phases.get(phases.size() - 1).end();
        List<Replay> replays = new ArrayList<>();
        for (int offset = 0; offset < Replay.INTERVAL.toSeconds(); offset += step) {
            Instant start = phases.get(0).start().plusSeconds(first + offset);
            QuerySource recording = new Recording(prometheus.client(), start, end, Replay.INTERVAL, definitions);
            replays.add(Replay.of(Models.load(model), recording, start, end));
        }
        return replays;
    }

    /** Which of these states score below 9 at any time though they are harmless, in words. */
    List<String> alarming(Collection<String> names, List<Replay> replays) {
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            for (Replay replay : replays) {
                if (replay.lowest(phase(name)) < Scorer.WELL) {
                    wrong.add(name + " is harmless and scores " + replay.lowest(phase(name)));
                }
            }
        }
        return wrong;
    }

    /** In which states something scores 8 or more though clients have suffered for a while, in words. */
    List<String> blind(Duration after, List<Replay> replays) {
        List<String> wrong = new ArrayList<>();
        for (Phase phase : suffering()) {
            for (Replay replay : replays) {
                if (replay.highest(phase, after) >= 8) {
                    wrong.add("clients suffer in " + phase.name() + " and it scores " + replay.highest(phase, after));
                }
            }
        }
        return wrong;
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
