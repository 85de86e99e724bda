package io.emberwatch.scorer;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Scores at a steady interval and publishes the result on {@code /metrics} and, when asked to, in a textfile. */
public final class ScorerService implements Service {
    private static final Logger logger = LoggerFactory.getLogger("scorer");

    /** Time between two questions whether to look at limits and habits. */
    private static final Duration OUTLOOK = Duration.ofSeconds(15);

    /** After this long all that belongs to a time is there. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final ScorerConfig config;
    private final ServiceContext context;
    private final QuerySource source;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final ScorerMetrics metrics = new ScorerMetrics(registry);
    private final @Nullable TextfileWriter textfile;
    private final Object running = new Object();
    private final Set<String> complained = new HashSet<>();
    private final Set<String> complainedAhead = new HashSet<>();
    private volatile List<Scoreboard> boards;
    private volatile Result last;
    private final List<Scheduler.Task> tasks = new ArrayList<>();

    /**
     * A scorer that reads from {@code source}.
     *
     * @throws IOException when there is no such model
     * @throws ConfigException when a model has faults
     */
    public ScorerService(ScorerConfig config, ServiceContext context, QuerySource source)
            throws IOException, ConfigException {
        this.config = config;
        this.context = context;
        this.source = source;
        boards = boards();
        List<String> idle = List.of("no score has been computed yet");
        last = new Result(Instant.EPOCH, List.of(), idle, idle, List.of());
        textfile = config.textfile() == null ? null : new TextfileWriter(config.textfile());
    }

    /** What one model shows. */
    record Shown(String model, List<Score> scores, List<MetricFamily> families) {}

    private record Result(
            Instant at, List<Shown> shown, List<String> troubles, List<String> notReady, List<String> unanswered) {}

    private List<Scoreboard> boards() throws IOException, ConfigException {
        List<Scoreboard> made = new ArrayList<>();
        for (ScoreModel model : Models.loadAll(config.model(), config.weights())) {
            made.add(new Scoreboard(model, source, config.staleAfter()));
        }
        return List.copyOf(made);
    }

    @Override
    public String name() {
        return "scorer";
    }

    @Override
    public void start() {
        tasks.add(context.scheduler().every("scorer", config.interval(), Duration.ZERO, this::run));
        tasks.add(context.scheduler().every("scorer-outlook", OUTLOOK, Duration.ZERO, this::lookAhead));
    }

    /**
     * Scores once, now, and looks once at limits, for which hours are enough, but not at habits, which take weeks.
     *
     * @return the families to show
     * @throws IOException when nothing could be scored, with the reason
     */
    public List<MetricFamily> once() throws IOException {
        Instant now = context.clock().instant();
        boards.forEach(board -> complain(board.lookAtLimits(now), complainedAhead));
        run(now);
        Result result = last;
        if (result.shown().stream().allMatch(shown -> shown.scores().isEmpty())) {
            throw new IOException(String.join("; ", result.troubles()));
        }
        return metrics();
    }

    /** What was wrong at the last run; empty when every model gave scores and every query was answered. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>(last.troubles());
        last.unanswered().forEach(reason -> troubles.add("not answered: " + reason));
        return troubles;
    }

    private void run(Instant at) {
        synchronized (running) {
            long began = System.nanoTime();
            metrics.runs.inc();
            Set<String> troubles = new LinkedHashSet<>();
            Set<String> notReady = new LinkedHashSet<>();
            List<String> unanswered = new ArrayList<>();
            List<Shown> shown = new ArrayList<>();
            for (Scoreboard board : boards) {
                Scoreboard.Run run = board.run(at);
                unanswered.addAll(run.unanswered());
                if (!run.scored()) {
                    metrics.failures.labels(run.failure()).inc();
                    troubles.add(run.trouble());
                    if (!run.answered()) {
                        notReady.add(run.trouble());
                    }
                }
                List<Score> scores = board.scores(at);
                shown.add(new Shown(board.model(), scores, board.families(scores)));
            }
            complain(unanswered, complained);
            metrics.duration.set((System.nanoTime() - began) / 1e9);
            Instant succeeded = troubles.isEmpty() ? at : last.at();
            publish(
                    at,
                    new Result(
                            succeeded, List.copyOf(shown), List.copyOf(troubles), List.copyOf(notReady), unanswered));
        }
    }

    private void lookAhead(Instant at) {
        Instant settled = at.minus(SETTLED);
        List<Scoreboard> looking =
                boards.stream().filter(Scoreboard::looksAhead).toList();
        if (looking.stream().anyMatch(board -> board.isLookDue(settled))) {
            List<String> unanswered = new ArrayList<>();
            looking.forEach(board -> unanswered.addAll(board.lookAhead(settled)));
            complain(unanswered, complainedAhead);
        }
    }

    // Says each fault once, until it is gone.
    private void complain(List<String> unanswered, Set<String> complained) {
        metrics.unanswered.inc(unanswered.size());
        complained.retainAll(unanswered);
        unanswered.stream().filter(complained::add).forEach(reason -> logger.warn("query not answered: {}", reason));
    }

    private void publish(Instant at, Result result) {
        List<String> before = last.troubles();
        List<String> troubles = result.troubles();
        troubles.stream().filter(trouble -> !before.contains(trouble)).forEach(trouble -> {
            // Nobody has to run what a model scores; that something ran and is gone tells its cluster.
            Level level = result.notReady().contains(trouble) ? Level.WARN : Level.INFO;
            logger.atLevel(level).log(trouble);
        });
        if (troubles.isEmpty()) {
            metrics.lastSuccess.set(at.getEpochSecond());
            if (!before.isEmpty()) {
                int clusters = result.shown().stream()
                        .mapToInt(one -> one.scores().size())
                        .sum();
                logger.atInfo().addKeyValue("clusters", clusters).log("scoring");
            }
        }
        metrics.up.set(troubles.isEmpty() ? 1 : 0);
        last = result;
        if (textfile != null) {
            try {
                textfile.write(metrics());
            } catch (IOException e) {
                metrics.failures.labels("textfile").inc();
                logger.atError().addKeyValue("file", config.textfile()).log("cannot write: " + e.getMessage());
            }
        }
    }

    @Override
    public List<Route> routes() {
        HeatmapEndpoint heatmap = new HeatmapEndpoint(source, context.clock());
        return List.of(
                Route.get("/api/v1/scores", exchange -> {
                    Result result = last;
                    exchange.respondJson(200, ScoreJson.write(result.at(), result.shown(), result.troubles()));
                }),
                Route.get("/heatmap.svg", heatmap::svg),
                Route.get("/heatmap.png", heatmap::png),
                Route.get("/heatmap.csv", heatmap::csv),
                Route.get("/heatmap.md", heatmap::markdown));
    }

    @Override
    public List<MetricFamily> metrics() {
        List<MetricFamily> families = new ArrayList<>();
        last.shown().forEach(shown -> families.addAll(shown.families()));
        families.addAll(Registry.families(registry));
        return families;
    }

    @Override
    public List<String> notReady() {
        return last.notReady();
    }

    /** Reads the models again; a model with faults leaves all as they were. */
    @Override
    public void reload() throws IOException {
        try {
            List<Scoreboard> fresh = boards();
            synchronized (running) {
                boards = fresh;
            }
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        tasks.forEach(Scheduler.Task::close);
        tasks.clear();
    }
}
