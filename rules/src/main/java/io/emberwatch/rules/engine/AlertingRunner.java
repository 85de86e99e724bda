package io.emberwatch.rules.engine;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.rules.template.Template;
import io.emberwatch.rules.template.Template.Dependence;
import io.emberwatch.rules.template.TemplateData;
import io.emberwatch.rules.template.TemplateException;
import io.emberwatch.rules.template.TemplateQueries;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An alerting rule: expands labels and annotations for what its expression gives, and keeps the alerts.
 *
 * <p>Templates are compiled when the rule is loaded. Labels that depend on nothing but the series' labels are expanded
 * once per series; annotations that depend on nothing outside the sample are expanded when somebody reads them.
 */
final class AlertingRunner extends RuleRunner {
    private static final Logger logger = LoggerFactory.getLogger("rules");

    private final Rule.Alerting rule;
    private static final Labels NO_DATA = Labels.of("no_data", "true");

    private final AlertPolicy policy;
    private final DataPresence presence;
    private final AlertTracker tracker;
    private final boolean steadyLabels;
    private final boolean lazyAnnotations;
    private Map<Labels, Labels> expandedLabels = Map.of();
    private volatile boolean restored;
    private volatile String lastTemplateFault = "";

    AlertingRunner(Rule.Alerting rule, AlertPolicy policy, boolean restored) {
        this.rule = rule;
        this.policy = policy;
        this.presence = new DataPresence(rule.query().text());
        this.restored = restored;
        this.tracker = new AlertTracker(rule.holdFor(), rule.keepFiringFor(), rule.labels());
        this.steadyLabels = dependsAtMost(rule.labelTemplates(), Dependence.LABELS);
        this.lazyAnnotations = dependsAtMost(rule.annotations(), Dependence.VALUE);
    }

    private static boolean dependsAtMost(List<Rule.Text> texts, Dependence most) {
        return texts.stream().allMatch(text -> text.template().dependence().compareTo(most) <= 0);
    }

    @Override
    Rule.Alerting rule() {
        return rule;
    }

    /** Whether alerts from before a restart were taken up, from when on the alerts' series are written. */
    void setRestored() {
        restored = true;
    }

    @Override
    List<Sample> evaluate(Instant at, GroupTerms terms) throws RuleFailure {
        List<Sample> given;
        try {
            given = RuleQueries.samples(rule.query().at(terms.queryTime(at)));
            Sample missing = missing(given, at, terms);
            given = missing == null ? given : List.of(missing);
        } catch (QueryException e) {
            throw new RuleFailure(e);
        }
        List<AlertTracker.Observed> observed = new ArrayList<>(given.size());
        Map<Labels, Labels> labels = new HashMap<>(given.size() * 2);
        for (Sample sample : given) {
            observed.add(observed(sample, at, terms.environment(), labels));
        }
        expandedLabels = labels;
        List<Sample> samples = new ArrayList<>(given.size() * 2);
        synchronized (tracker) {
            tracker.observe(at, observed, terms.limit(), deviation(at, terms));
            if (restored) {
                tracker.series(terms.queryTime(at), samples);
            }
        }
        return samples;
    }

    /** What the rule makes of a sample of its expression. */
    AlertTracker.Observed observed(
            Sample sample, Instant at, RuleEnvironment environment, Map<Labels, Labels> expanded) {
        RuleSettings settings = environment.settings();
        TemplateData data =
                new TemplateData(sample.labels(), settings.externalLabels(), settings.externalUrl(), sample.value());
        Labels labels = steadyLabels ? expandedLabels.get(sample.labels()) : null;
        if (labels == null) {
            labels = labels(data, at, environment);
        }
        if (steadyLabels) {
            expanded.put(sample.labels(), labels);
        }
        return new AlertTracker.Observed(labels, annotations(data, at, environment), sample.value(), sample.labels());
    }

    private AlertTracker.Deviation deviation(Instant at, GroupTerms terms) {
        boolean keeps = policy.noData() == AlertPolicy.NoData.KEEP;
        if (!keeps && !policy.valueAtResolution()) {
            return AlertTracker.Deviation.NONE;
        }
        RuleEnvironment environment = terms.environment();
        DataPresence.Moment data = presence.at(terms.queryTime(at), environment.queries());
        Compared values = new Compared(at, terms);
        return new AlertTracker.Deviation() {
            @Override
            public boolean keeps(Labels series, Instant since) {
                return keeps && since.plus(policy.noDataLimit()).isAfter(at) && data.isMissingFor(series);
            }

            @Override
            public AlertTracker.@Nullable Observed resolved(Labels series) {
                return policy.valueAtResolution() ? values.of(series) : null;
            }
        };
    }

    /** What the rule compares at one evaluation, asked for when an alert is resolved. */
    private final class Compared {
        private final Instant at;
        private final GroupTerms terms;
        private @Nullable Map<Labels, Sample> samples;

        Compared(Instant at, GroupTerms terms) {
            this.at = at;
            this.terms = terms;
        }

        AlertTracker.@Nullable Observed of(Labels series) {
            String compared = Condition.compared(rule.query().text());
            if (compared == null) {
                return null;
            }
            Map<Labels, Sample> known = samples;
            if (known == null) {
                known = new HashMap<>();
                try {
                    QueryResult result = terms.environment().queries().instant(compared, terms.queryTime(at));
                    for (Sample sample : RuleQueries.samples(result)) {
                        known.put(sample.labels(), sample);
                    }
                } catch (QueryException e) {
                    logger.atDebug()
                            .addKeyValue("alert", rule.name())
                            .log("no value at resolution: {}", e.getMessage());
                }
                samples = known;
            }
            Sample sample = known.get(series);
            return sample == null ? null : observed(sample, at, terms.environment(), new HashMap<>());
        }
    }

    // Stands for all the series that there would be if there were data.
    private @Nullable Sample missing(List<Sample> given, Instant at, GroupTerms terms) {
        if (policy.noData() != AlertPolicy.NoData.FIRE || !given.isEmpty()) {
            return null;
        }
        Instant time = terms.queryTime(at);
        boolean missing = presence.at(time, terms.environment().queries()).isMissingFor(Labels.EMPTY);
        return missing ? new Sample(NO_DATA, time.toEpochMilli(), Double.NaN) : null;
    }

    private Labels labels(TemplateData data, Instant at, RuleEnvironment environment) {
        Labels.Builder labels = data.labels().toBuilder().remove(Labels.METRIC_NAME);
        for (Rule.Text label : rule.labelTemplates()) {
            labels.set(label.name(), expand(label.template(), data, at, environment));
        }
        return labels.set(Alert.ALERT_NAME, rule.name()).build();
    }

    private AnnotationText annotations(TemplateData data, Instant at, RuleEnvironment environment) {
        if (rule.annotations().isEmpty()) {
            return AnnotationText.NONE;
        }
        AnnotationText text = new AnnotationText(() -> {
            Labels.Builder labels = Labels.builder();
            for (Rule.Text annotation : rule.annotations()) {
                labels.set(annotation.name(), expand(annotation.template(), data, at, environment));
            }
            return labels.build();
        });
        if (!lazyAnnotations) {
            text.labels();
        }
        return text;
    }

    private String expand(Template template, TemplateData data, Instant at, RuleEnvironment environment) {
        if (template.dependence() == Dependence.NOTHING && !template.text().contains("{{")) {
            return template.text();
        }
        TemplateQueries queries =
                (expression, time) -> RuleQueries.samples(environment.queries().instant(expression, time));
        try {
            String text = template.expand(data, at, queries);
            environment.events().templateExpanded(false);
            return text;
        } catch (TemplateException e) {
            environment.events().templateExpanded(true);
            if (!e.text().equals(lastTemplateFault)) {
                lastTemplateFault = e.text();
                logger.atWarn()
                        .addKeyValue("alert", rule.name())
                        .addKeyValue("labels", data.labels())
                        .addKeyValue("error", e.text())
                        .log("cannot expand a template");
            }
            return "<error expanding template: " + e.text() + ">";
        }
    }

    @Override
    void sendAlerts(Instant at, GroupTerms terms) {
        RuleSettings settings = terms.environment().settings();
        List<Alert> due;
        synchronized (tracker) {
            due = tracker.due(at, settings.resendDelay(), terms.interval(), generatorUrl(settings.externalUrl()));
        }
        if (!due.isEmpty()) {
            terms.environment().alerts().send(due);
        }
    }

    private String generatorUrl(String externalUrl) {
        return externalUrl + "/graph?g0.expr=" + URLEncoder.encode(rule.query().text(), StandardCharsets.UTF_8)
                + "&g0.tab=1";
    }

    @Override
    AlertState state() {
        if (!wasEvaluated()) {
            return AlertState.UNKNOWN;
        }
        synchronized (tracker) {
            return tracker.state();
        }
    }

    @Override
    List<ActiveAlert> alerts() {
        synchronized (tracker) {
            return tracker.active();
        }
    }

    /** The alerts, to be used only while holding their monitor. */
    AlertTracker tracker() {
        return tracker;
    }

    @Override
    void copyFrom(RuleRunner before) {
        super.copyFrom(before);
        if (before instanceof AlertingRunner alerting) {
            synchronized (alerting.tracker) {
                synchronized (tracker) {
                    tracker.copyFrom(alerting.tracker);
                }
            }
        }
    }
}
