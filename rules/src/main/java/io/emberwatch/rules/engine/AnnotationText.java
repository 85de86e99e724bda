package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The annotations of an alert, expanded when somebody wants to read them and not before. */
final class AnnotationText {
    static final AnnotationText NONE = new AnnotationText(() -> Labels.EMPTY);

    private final Supplier<Labels> expansion;
    private volatile @Nullable Labels expanded;

    /** @param expansion gives the same at any time */
    AnnotationText(Supplier<Labels> expansion) {
        this.expansion = expansion;
    }

    Labels labels() {
        Labels labels = expanded;
        if (labels == null) {
            labels = expansion.get();
            expanded = labels;
        }
        return labels;
    }
}
