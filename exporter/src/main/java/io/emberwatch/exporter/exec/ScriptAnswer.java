package io.emberwatch.exporter.exec;

import io.emberwatch.model.MetricFamily;
import java.util.List;

/**
 * What a script answered.
 *
 * @param exitCode -1 when it could not be run to its end
 */
record ScriptAnswer(boolean success, int exitCode, double seconds, List<MetricFamily> families) {
    ScriptAnswer {
        families = List.copyOf(families);
    }
}
