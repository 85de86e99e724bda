package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.template.Template;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A rule as its file defines it, apart from any state. */
public sealed interface Rule {
    /** The name of the recorded series, or of the alert. */
    String name();

    RuleQuery query();

    /** The labels that it adds, those of its group included, templates as written. */
    Labels labels();

    /** Where it stands in its file, counted from 1. */
    int line();

    /** Everything that it is made of as one text: two rules with the same definition do the same. */
    String definition();

    /**
     * Writes what an expression gives as series of its own.
     *
     * @param removed labels of the expression's series that the recorded ones do not get
     */
    record Recording(String name, RuleQuery query, Labels labels, List<String> removed, int line) implements Rule {
        public Recording {
            Objects.requireNonNull(labels, "labels");
            removed = List.copyOf(removed);
        }

        @Override
        public String definition() {
            return "record: " + name + "\nexpr: " + query.text() + "\nlabels: " + labels + "\nremoved: " + removed
                    + "\n";
        }
    }

    /**
     * Raises an alert for every series that an expression gives.
     *
     * @param holdFor how long the expression must give the series before the alert fires
     * @param keepFiringFor how long the alert goes on firing once the expression no longer gives the series
     * @param labels as written
     * @param labelTemplates the same, compiled, in the order of their names
     */
    record Alerting(
            String name,
            RuleQuery query,
            Duration holdFor,
            Duration keepFiringFor,
            Labels labels,
            List<Text> labelTemplates,
            List<Text> annotations,
            int line)
            implements Rule {
        public Alerting {
            if (holdFor.isNegative() || keepFiringFor.isNegative()) {
                throw new IllegalArgumentException(name + ": durations must not be negative");
            }
            labelTemplates = List.copyOf(labelTemplates);
            annotations = List.copyOf(annotations);
        }

        @Override
        public String definition() {
            return "alert: " + name + "\nexpr: " + query.text() + "\nfor: " + Durations.format(holdFor)
                    + "\nkeep_firing_for: " + Durations.format(keepFiringFor) + "\nlabels: " + labels
                    + "\nannotations: " + annotations + "\n";
        }

        /** The annotations as written. */
        public Labels annotationTexts() {
            Labels.Builder texts = Labels.builder();
            annotations.forEach(annotation ->
                    texts.set(annotation.name(), annotation.template().text()));
            return texts.build();
        }
    }

    /** A label or annotation of an alert. */
    record Text(String name, Template template) {
        @Override
        public String toString() {
            return name + "=" + template.text();
        }
    }
}
