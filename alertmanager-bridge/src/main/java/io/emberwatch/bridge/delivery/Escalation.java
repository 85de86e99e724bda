package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells more people of incidents that nobody takes care of, each once. */
public final class Escalation {
    private static final Logger logger = LoggerFactory.getLogger("bridge.delivery");

    private final List<EscalationConfig> steps;
    private final Outbox outbox;
    private final Inlet inlet;

    public Escalation(List<EscalationConfig> steps, Outbox outbox, Inlet inlet) {
        this.steps = List.copyOf(steps);
        this.outbox = outbox;
        this.inlet = inlet;
    }

    /** Looks once. */
    public void look(Instant now) {
        if (steps.isEmpty()) {
            return;
        }
        try {
            Map<String, Handling> handled = outbox.incidents().handled();
            for (Incidents.Incident incident : outbox.incidents().open()) {
                if (!incident.escalated() && !handled.containsKey(incident.id())) {
                    for (EscalationConfig step : steps) {
                        if (step.severities().contains(incident.severity().word())
                                && !now.isBefore(incident.opened().plus(step.after()))) {
                            escalate(incident, step);
                            break;
                        }
                    }
                }
            }
        } catch (OutboxException e) {
            logger.atDebug().setCause(e).log("nothing was escalated");
        }
    }

    private void escalate(Incidents.Incident incident, EscalationConfig step) throws OutboxException {
        TreeSet<String> channels = new TreeSet<>(incident.channels());
        channels.addAll(step.channels());
        if (Outbox.await(outbox.escalated(incident.id(), List.copyOf(channels)))) {
            inlet.update(
                    incident.id(),
                    null,
                    "nobody has taken care of this for " + Times.span(step.after()),
                    List.copyOf(channels));
        }
    }
}
