package io.emberwatch.rules.web;

import java.util.List;

/** Who scrapes. */
public interface Targets {
    /** Nobody. */
    Targets NONE = new Targets() {
        @Override
        public List<TargetStatus> targets() {
            return List.of();
        }

        @Override
        public List<MetricDescription> descriptions() {
            return List.of();
        }
    };

    /** All targets, the dropped ones included. */
    List<TargetStatus> targets();

    /** What targets say of their metrics. */
    List<MetricDescription> descriptions();
}
