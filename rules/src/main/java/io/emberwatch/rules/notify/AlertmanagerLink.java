package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.SettingsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one Alertmanager: a queue and the thread that empties it. */
final class AlertmanagerLink {
    /** How many alerts go into one request. */
    static final int BATCH = 256;

    private static final Logger logger = LoggerFactory.getLogger("notify");
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int SHOWN_ANSWER = 200;

    private final AlertmanagerSettings settings;
    private final SettingsClient client;
    private final AlertQueue queue;
    private final NotifyEvents events;
    private final Thread thread;

    AlertmanagerLink(AlertmanagerSettings settings, int capacity, SettingsClient client, NotifyEvents events) {
        this.settings = settings;
        this.client = client;
        this.queue = new AlertQueue(capacity);
        this.events = events;
        this.thread = new Thread(
                this::run,
                "alertmanager-" + settings.url().host() + ":" + settings.url().port());
        thread.setDaemon(true);
        events.added(name(), capacity);
    }

    void start() {
        thread.start();
    }

    String name() {
        return settings.url().toString();
    }

    AlertmanagerSettings settings() {
        return settings;
    }

    void offer(List<Alert> alerts) {
        List<Alert> relabeled = relabeled(alerts);
        if (relabeled.isEmpty()) {
            return;
        }
        int dropped = queue.add(relabeled);
        if (dropped > 0) {
            events.dropped(name(), dropped);
            logger.atWarn()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("dropped", dropped)
                    .log("alert queue is full, the oldest alerts are dropped");
        }
        events.queued(name(), queue.size());
    }

    private List<Alert> relabeled(List<Alert> alerts) {
        if (settings.relabels().equals(Relabeling.NONE)) {
            return alerts;
        }
        List<Alert> relabeled = new ArrayList<>(alerts.size());
        for (Alert alert : alerts) {
            Labels labels = settings.relabels().apply(alert.labels());
            if (labels != null && !labels.isEmpty()) {
                relabeled.add(
                        new Alert(labels, alert.annotations(), alert.startsAt(), alert.endsAt(), alert.generatorUrl()));
            }
        }
        return relabeled;
    }

    private void run() {
        try {
            List<Alert> batch = queue.take(BATCH);
            while (!batch.isEmpty()) {
                events.queued(name(), queue.size());
                post(batch);
                batch = queue.take(BATCH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(List<Alert> batch) {
        long start = System.nanoTime();
        String fault = fault(batch);
        events.attempted(name(), batch.size(), Duration.ofNanos(System.nanoTime() - start), fault.isEmpty());
        if (!fault.isEmpty()) {
            // Not sent again: what still fires is sent again by its rule, with its newest state.
            events.dropped(name(), batch.size());
            logger.atError()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("alerts", batch.size())
                    .addKeyValue("error", fault)
                    .log("cannot send alerts");
        }
    }

    /** Why the Alertmanager did not take the alerts, or empty. */
    private String fault(List<Alert> batch) {
        Request.Builder request = new Request.Builder()
                .url(settings.url())
                .header("User-Agent", "Emberwatch")
                .post(RequestBody.create(AlertJson.write(batch), JSON));
        try (Response response =
                http().newCall(client.authorize(request).build()).execute()) {
            return response.isSuccessful()
                    ? ""
                    : "status " + response.code() + ": "
                            + response.peekBody(SHOWN_ANSWER).string().strip();
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private OkHttpClient http() throws IOException {
        return client.current()
                .newBuilder()
                .callTimeout(settings.timeout())
                .connectTimeout(settings.timeout())
                .readTimeout(settings.timeout())
                .writeTimeout(settings.timeout())
                .build();
    }

    /** Takes no more alerts. */
    void close() {
        queue.close();
    }

    /** Waits until all alerts are sent, at most so long; what is left then is dropped. */
    void drain(Duration most) {
        try {
            thread.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int left = queue.clear();
        if (left > 0) {
            events.dropped(name(), left);
            logger.atWarn()
                    .addKeyValue("alertmanager", name())
                    .addKeyValue("dropped", left)
                    .log("alerts were left over on stopping");
        }
        thread.interrupt();
        events.removed(name());
    }
}
