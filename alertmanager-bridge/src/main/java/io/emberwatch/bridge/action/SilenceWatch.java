package io.emberwatch.bridge.action;

import io.emberwatch.bridge.alertmanager.AlertmanagerClient;
import io.emberwatch.bridge.alertmanager.Silence;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after silences: extends those of acknowledgements while the incident lasts, ends them with it, says before
 * others end, and notices those that somebody else has ended. A silence is only ever changed under its own identifier,
 * so that two bridges that look after it do not make two of it.
 */
public final class SilenceWatch {
    private static final Logger logger = LoggerFactory.getLogger("bridge.action");

    private final Desk desk;

    public SilenceWatch(Desk desk) {
        this.desk = desk;
    }

    /** Looks once. */
    public void look() {
        try {
            Incidents incidents = desk.works().outbox().incidents();
            for (Map.Entry<String, Handling> entry : incidents.handled().entrySet()) {
                Incidents.Incident incident = incidents.find(entry.getKey());
                look(entry.getValue(), incident);
            }
        } catch (OutboxException e) {
            logger.atDebug().setCause(e).log("silences were not looked after");
        }
    }

    private void look(Handling handling, Incidents.@Nullable Incident incident) throws OutboxException {
        try {
            if (incident == null || incident.closed()) {
                over(handling);
            } else if (!handling.silence().isEmpty()) {
                running(handling, incident);
            }
        } catch (OutboxException e) {
            throw e;
        } catch (IOException e) {
            logger.atWarn()
                    .addKeyValue("incident", handling.incident())
                    .addKeyValue("reason", e.getMessage())
                    .log("silence cannot be looked after now");
        }
    }

    // What was silenced for a time stays so; an acknowledgement ends with the incident.
    private void over(Handling handling) throws IOException {
        if (handling.state() == Handling.State.ACKNOWLEDGED
                && !handling.silence().isEmpty()) {
            desk.expire(handling);
        }
        put(Desk.cleared(handling, handling.who(), now()));
    }

    private void running(Handling handling, Incidents.Incident incident) throws IOException {
        AlertmanagerClient client = desk.client(handling);
        if (client == null) {
            return;
        }
        Silence silence = client.silence(handling.silence());
        Instant now = now();
        if (silence == null || silence.isOver()) {
            boolean acknowledged = handling.state() == Handling.State.ACKNOWLEDGED;
            update(
                    incident,
                    Desk.cleared(handling, "", now),
                    acknowledged
                            ? "the acknowledgement has ended, it still fires"
                            : "the silence has ended, it still fires");
            return;
        }
        Duration left = Duration.between(now, silence.endsAt());
        ActionConfig config = desk.config();
        if (handling.state() == Handling.State.ACKNOWLEDGED) {
            if (left.compareTo(config.ack().dividedBy(3)) < 0
                    && now.isBefore(handling.at().plus(config.maxAck()))) {
                Instant end = now.plus(config.ack());
                client.put(silence.until(end));
                put(changed(handling, end, handling.reminded()));
            }
        } else if (!silence.endsAt().equals(handling.until())) {
            update(
                    incident,
                    changed(handling, silence.endsAt(), false),
                    "the silence now lasts until " + silence.endsAt());
        } else if (!handling.reminded() && left.compareTo(config.reminder()) < 0) {
            update(
                    incident,
                    changed(handling, silence.endsAt(), true),
                    "the silence ends in " + Times.span(left) + ", it still fires");
        }
    }

    // The version stays: what was offered before is still what can be done.
    private static Handling changed(Handling handling, Instant until, boolean reminded) {
        return new Handling(
                handling.incident(),
                handling.version(),
                handling.state(),
                handling.who(),
                handling.at(),
                handling.silence(),
                handling.source(),
                until,
                reminded);
    }

    private Instant now() {
        return desk.works().clock().instant();
    }

    private void update(Incidents.Incident incident, Handling handling, String what) throws OutboxException {
        desk.works().inlet().update(incident.id(), handling, what, desk.living(incident));
    }

    private void put(Handling handling) throws OutboxException {
        Outbox.await(desk.works().outbox().put(handling));
    }
}
