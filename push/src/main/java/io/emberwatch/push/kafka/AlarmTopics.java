package io.emberwatch.push.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.push.metrics.PushMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes alerts to the notification topics when they begin and when they end; what is told again meanwhile is left out. Up to
 * {@value #REMEMBERED} alerts are remembered and {@value #WAITING} wait for Kafka; beyond that they are dropped and counted.
 * One that did not reach its topic is written when it is told the next time, as a rule engine does while it lasts.
 */
public final class AlarmTopics implements AlertSink, AutoCloseable {
    static final int REMEMBERED = 100_000;
    static final int WAITING = 1_000;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final KafkaConfig kafka;
    private final AlarmsConfig config;
    private final PushMetrics metrics;
    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();
    private final LinkedHashMap<Labels, Boolean> told = new LinkedHashMap<>(); // guarded by this
    private final ThreadPoolExecutor sender;
    private volatile @Nullable RecordWriter writer;

    public AlarmTopics(KafkaConfig kafka, AlarmsConfig config, PushMetrics metrics, InstantSource clock) {
        this.kafka = kafka;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        sender = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread thread = new Thread(task, "push-alarms");
            thread.setDaemon(true);
            return thread;
        });
        sender.setRejectedExecutionHandler((task, executor) -> {
            if (task instanceof Telling telling) {
                telling.dropped(new KafkaException("too many wait"));
            }
        });
    }

    @Override
    public synchronized void send(List<Alert> alerts) {
        for (Alert alert : alerts) {
            boolean resolved = alert.isResolvedAt(clock.instant());
            Boolean before = told.put(alert.labels(), resolved);
            if (before == null ? resolved : before == resolved) {
                continue;
            }
            sender.execute(new Telling(alert, resolved));
        }
        while (told.size() > REMEMBERED) {
            told.remove(told.keySet().iterator().next());
        }
    }

    /** Forgets that an alert was told, so that it is when it comes again. */
    private synchronized void forget(Alert alert, boolean resolved) {
        if (Boolean.valueOf(resolved).equals(told.get(alert.labels()))) {
            if (resolved) {
                told.put(alert.labels(), false);
            } else {
                told.remove(alert.labels());
            }
        }
    }

    /** An alert on its way to the topics. */
    private final class Telling implements Runnable {
        private final Alert alert;
        private final boolean resolved;

        Telling(Alert alert, boolean resolved) {
            this.alert = alert;
            this.resolved = resolved;
        }

        @Override
        public void run() {
            String name = alert.labels().get(Alert.ALERT_NAME);
            String summary = alert.annotations().get("summary");
            String subject =
                    (resolved ? "[RESOLVED] " : "[FIRING] ") + name + (summary.isEmpty() ? "" : ": " + summary);
            String details = details(alert);
            try {
                RecordWriter open = open();
                byte[] key = alert.labels().toString().getBytes(StandardCharsets.UTF_8);
                String mattermost = config.mattermost();
                if (mattermost != null) {
                    Map<String, String> message = new LinkedHashMap<>();
                    message.put("description", subject);
                    message.put("client_url", alert.generatorUrl());
                    message.put("details", details);
                    open.send(mattermost, key, json.writeValueAsBytes(message), this::dropped);
                }
                AlarmsConfig.Mail mail = config.email();
                if (mail != null) {
                    Map<String, String> message = new LinkedHashMap<>();
                    message.put("subject", subject);
                    message.put("body", details + "\n" + alert.generatorUrl());
                    message.put("to_addresses", String.join(",", mail.toAddresses()));
                    open.send(mail.topic(), key, json.writeValueAsBytes(message), this::dropped);
                }
                metrics.alarms.labels(resolved ? "resolved" : "firing").inc();
            } catch (KafkaException | IOException e) {
                dropped(e);
            }
        }

        void dropped(Exception fault) {
            metrics.alarms.labels("dropped").inc();
            logger.atError().addKeyValue("fault", fault.getMessage()).log("an alert did not reach its topic");
            forget(alert, resolved);
        }
    }

    private static String details(Alert alert) {
        List<String> lines = new ArrayList<>();
        String description = alert.annotations().get("description");
        if (!description.isEmpty()) {
            lines.add(description);
        }
        lines.add(alert.labels().toMap().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(", ")));
        String runbook = alert.annotations().get("runbook_url");
        if (!runbook.isEmpty()) {
            lines.add(runbook);
        }
        return String.join("\n", lines);
    }

    private RecordWriter open() throws IOException {
        RecordWriter open = writer;
        if (open == null) {
            List<String> topics = new ArrayList<>();
            String mattermost = config.mattermost();
            if (mattermost != null) {
                topics.add(mattermost);
            }
            AlarmsConfig.Mail mail = config.email();
            if (mail != null) {
                topics.add(mail.topic());
            }
            Topics.require(kafka, topics);
            open = new RecordWriter(kafka, "emberwatch-alarms");
            writer = open;
        }
        return open;
    }

    @Override
    public void close() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(5, TimeUnit.SECONDS)) {
                logger.atWarn().log("alerts still wait for Kafka; they are lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RecordWriter open = writer;
        if (open != null) {
            open.close();
        }
    }
}
