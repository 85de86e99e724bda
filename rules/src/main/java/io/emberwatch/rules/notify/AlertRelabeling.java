package io.emberwatch.rules.notify;

import io.emberwatch.model.Labels;
import org.jspecify.annotations.Nullable;

/** Changes the labels of alerts before they are sent. */
@FunctionalInterface
public interface AlertRelabeling {
    /** Changes nothing. */
    AlertRelabeling NONE = labels -> labels;

    /** The labels to send, or null when the alert is not to be sent; no labels at all mean the same. */
    @Nullable
    Labels apply(Labels labels);
}
