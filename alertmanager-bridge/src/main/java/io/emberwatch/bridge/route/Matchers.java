package io.emberwatch.bridge.route;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;

/** Conditions on labels, in Alertmanager's syntax, that all have to hold. */
public final class Matchers {
    private final List<LabelMatcher> matchers = new ArrayList<>();

    /**
     * Reads each of the texts, which may hold several matchers apart by commas.
     *
     * @throws IllegalArgumentException with the text that cannot be read
     */
    public Matchers(List<String> texts) {
        texts.forEach(text -> matchers.addAll(LabelMatcher.parseAll(text)));
    }

    public boolean match(Labels labels) {
        return matchers.stream().allMatch(matcher -> matcher.matches(labels));
    }
}
