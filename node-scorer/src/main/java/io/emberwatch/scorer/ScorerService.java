package io.emberwatch.scorer;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.QueryException;
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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores at a steady interval and publishes the result on {@code /metrics} and, when asked to, in a textfile. */
public final class ScorerService implements Service {
    private static final Logger logger = LoggerFactory.getLogger("scorer");

    private final ScorerConfig config;
    private final ServiceContext context;
    private final Surveyor surveyor;
    private final Scorer scorer;
    private final ScoreModel model;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final ScorerMetrics metrics = new ScorerMetrics(registry);
    private final @Nullable TextfileWriter textfile;
    private volatile Result last = new Result(Instant.EPOCH, List.of(), "no score has been computed yet");
    private Scheduler.@Nullable Task task;

    /**
     * A scorer that reads from {@code source}.
     *
     * @throws IOException when there is no such model
     * @throws ConfigException when the model has faults
     */
    public ScorerService(ScorerConfig config, ServiceContext context, QuerySource source)
            throws IOException, ConfigException {
        this.config = config;
        this.context = context;
        model = Models.load(config.model(), config.weights());
        surveyor = new Surveyor(model, source);
        scorer = new Scorer(model);
        textfile = config.textfile() == null ? null : new TextfileWriter(config.textfile());
    }

    private record Result(Instant at, List<Score> scores, String trouble) {}

    @Override
    public String name() {
        return "scorer";
    }

    @Override
    public void start() {
        task = context.scheduler().every("scorer", config.interval(), Duration.ZERO, this::run);
    }

    /**
     * Scores once, now.
     *
     * @return the families to show
     * @throws IOException when nothing could be scored, with the reason
     */
    public List<MetricFamily> once() throws IOException {
        run(context.clock().instant());
        if (!last.trouble().isEmpty()) {
            throw new IOException(last.trouble());
        }
        return metrics();
    }

    private void run(Instant at) {
        long began = System.nanoTime();
        metrics.runs.inc();
        String trouble = "";
        List<Score> scores = List.of();
        try {
            Measurements measured = surveyor.measure(at);
            metrics.unanswered.inc(measured.unanswered().size());
            measured.unanswered().forEach(reason -> logger.warn("query not answered: {}", reason));
            scores = scorer.score(measured);
            if (scores.isEmpty()) {
                trouble = "no members were found; the model " + model.name() + " looks for "
                        + model.members().get(0);
                metrics.failures.labels("no_members").inc();
            }
        } catch (QueryException e) {
            trouble = "cannot read measurements: " + e.getMessage();
            metrics.failures.labels("query").inc();
        }
        publish(at, scores, trouble);
        metrics.duration.set((System.nanoTime() - began) / 1e9);
    }

    private void publish(Instant at, List<Score> scores, String trouble) {
        if (!trouble.isEmpty() && !trouble.equals(last.trouble())) {
            logger.warn(trouble);
        } else if (trouble.isEmpty() && !last.trouble().isEmpty()) {
            logger.atInfo().addKeyValue("clusters", scores.size()).log("scoring");
        }
        if (trouble.isEmpty()) {
            metrics.lastSuccess.set(at.getEpochSecond());
            last = new Result(at, scores, "");
        } else {
            boolean stale = !at.isBefore(last.at().plus(config.staleAfter()));
            last = new Result(last.at(), stale ? List.of() : last.scores(), trouble);
        }
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
        return List.of(Route.get(
                "/api/v1/scores",
                exchange -> exchange.respondJson(200, ScoreJson.write(last.at(), last.scores(), last.trouble()))));
    }

    @Override
    public List<MetricFamily> metrics() {
        List<MetricFamily> families = new ArrayList<>(ScoreFamilies.of(model.prefix(), last.scores()));
        families.addAll(Registry.families(registry));
        return families;
    }

    @Override
    public List<String> notReady() {
        return last.trouble().isEmpty() ? List.of() : List.of(last.trouble());
    }

    @Override
    public void stop() {
        if (task != null) {
            task.close();
        }
    }
}
