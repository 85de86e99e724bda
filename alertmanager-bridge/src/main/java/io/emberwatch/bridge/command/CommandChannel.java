package io.emberwatch.bridge.command;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.model.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command with the alert group on its standard input, as Alertmanager would post it, and what the alerts share in
 * {@code EMBERWATCH_LABEL_<NAME>}. An exit code other than 0 is tried again.
 */
public final class CommandChannel implements Channel {
    private static final int MAX_OUTPUT = 500;

    private final CommandConfig config;
    private final Runs runs;

    /** Puts down what was run and how it ended. */
    @FunctionalInterface
    public interface Runs {
        void put(String incident, String result, String detail);
    }

    public CommandChannel(CommandConfig config, Runs runs) {
        this.config = config;
        this.runs = runs;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String preview(Message message) {
        return String.join(" ", config.command()) + "\n";
    }

    @Override
    public Outcome deliver(Message message) {
        if (!(message.content() instanceof Message.Alerts alerts)) {
            return Outcome.Delivered.of("skipped");
        }
        if (!alerts.isFiring() && !config.onResolve()) {
            return Outcome.Delivered.of("skipped");
        }
        String incident = message.incident().id();
        try {
            return run(message, alerts);
        } catch (IOException e) {
            runs.put(incident, "failed", String.valueOf(e.getMessage()));
            return new Outcome.Rejected("start", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.Retry.message("interrupted", "the bridge is stopping")
                    .maybeArrived();
        }
    }

    private Outcome run(Message message, Message.Alerts alerts) throws IOException, InterruptedException {
        Path output = Files.createTempFile("emberwatch-command", ".out");
        try {
            Process process = start(message, alerts, output);
            boolean ended = process.waitFor(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String said = said(output);
            String code = ended ? "exit" + process.exitValue() : "timeout";
            runs.put(message.incident().id(), code, String.join(" ", config.command()) + ": " + said);
            if (code.equals("exit0")) {
                return Outcome.Delivered.of(code);
            }
            return Outcome.Retry.message(code, said);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private Process start(Message message, Message.Alerts alerts, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(config.command()).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME") && !name.equals("LANG"));
        environment.put("EMBERWATCH_INCIDENT", message.incident().id());
        environment.put("EMBERWATCH_STATUS", alerts.isFiring() ? "firing" : "resolved");
        Labels shared = NotifiedAlert.shared(alerts.alerts());
        for (int i = 0; i < shared.size(); i++) {
            if (shared.value(i).indexOf('\0') < 0) {
                environment.put("EMBERWATCH_LABEL_" + shared.name(i).replaceAll("[^A-Za-z0-9_]", "_"), shared.value(i));
            }
        }
        Process process = builder.start();
        byte[] body = WebhookJson.write(new Notification(
                message.incident().receiver(),
                "",
                message.incident().groupLabels(),
                alerts.alerts(),
                alerts.tally().truncated(),
                "",
                ""));
        try (OutputStream in = process.getOutputStream()) {
            in.write(body);
        } catch (IOException e) {
            return process; // a command that does not read its input is none the worse for it
        }
        return process;
    }

    private static String said(Path output) throws IOException {
        byte[] all = Files.readAllBytes(output);
        return Clip.to(
                Clip.oneLine(new String(all, 0, Math.min(all.length, 4 * MAX_OUTPUT), StandardCharsets.UTF_8)),
                MAX_OUTPUT);
    }
}
