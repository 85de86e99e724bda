package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.AlertSink;
import java.util.ArrayList;
import java.util.List;

/** Gives alerts the external labels that they lack and relabels them, on the way to a sink of any kind. */
public final class OutgoingAlerts implements AlertSink {
    private final Labels externalLabels;
    private final AlertRelabeling relabeling;
    private final AlertSink sink;

    public OutgoingAlerts(Labels externalLabels, AlertRelabeling relabeling, AlertSink sink) {
        this.externalLabels = externalLabels;
        this.relabeling = relabeling;
        this.sink = sink;
    }

    @Override
    public void send(List<Alert> alerts) {
        List<Alert> outgoing = new ArrayList<>(alerts.size());
        for (Alert alert : alerts) {
            Labels labels = relabeling.apply(withExternal(alert.labels()));
            if (labels != null && !labels.isEmpty()) {
                outgoing.add(
                        new Alert(labels, alert.annotations(), alert.startsAt(), alert.endsAt(), alert.generatorUrl()));
            }
        }
        if (!outgoing.isEmpty()) {
            sink.send(outgoing);
        }
    }

    private Labels withExternal(Labels labels) {
        Labels.Builder builder = externalLabels.toBuilder();
        for (int i = 0; i < labels.size(); i++) {
            builder.set(labels.name(i), labels.value(i));
        }
        return builder.build();
    }
}
