package io.emberwatch.model.flow;

import io.emberwatch.model.Alert;
import java.util.List;

/** Somewhere that alerts go to: Alertmanagers, or the bridge where there is none. */
@FunctionalInterface
public interface AlertSink {
    /** Takes alerts and returns at once; delivery, queueing and loss accounting are the sink's. */
    void send(List<Alert> alerts);
}
