package io.emberwatch.rules.template;

import io.emberwatch.model.Labels;
import java.util.Objects;

/**
 * What a template is expanded for: the dot of an alert template.
 *
 * @param labels the labels of the sample that raised the alert, {@code __name__} included
 * @param externalLabels the labels that all series of this server get outside of it
 * @param externalUrl where this server is reached from outside, without a slash at its end; may be empty
 * @param value the sample's value
 */
public record TemplateData(Labels labels, Labels externalLabels, String externalUrl, double value) {
    public TemplateData {
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(externalLabels, "externalLabels");
        Objects.requireNonNull(externalUrl, "externalUrl");
    }
}
