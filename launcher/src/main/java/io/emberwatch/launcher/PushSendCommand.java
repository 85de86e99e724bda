package io.emberwatch.launcher;

import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineException;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.line.Precision;
import io.emberwatch.push.client.Delivery;
import io.emberwatch.push.client.Metric;
import io.emberwatch.push.client.Monitoring;
import io.emberwatch.push.client.Verbosity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "send",
        description = {
            "Sends metrics through the monitoring library, given as line protocol here or on standard input.",
            "Answers 1 when some did not arrive."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Backends: influxdb-udp://HOST:PORT, influxdb-unix:///PATH, http://HOST:PORT?db=NAME,",
            "influxdbv2://HOST:PORT?org=O&bucket=B&token=T, kafka://HOST:PORT?topic=NAME, stdout://, no-op://;",
            "several are separated by commas.",
            "",
            "Examples:",
            "  emberwatch push send --to influxdb-udp://127.0.0.1:8089 'deploy,service=web version=\"1.4\"'",
            "  some-program | emberwatch push send --to kafka://127.0.0.1:9092?topic=metrics --tag run=42",
        })
final class PushSendCommand implements Callable<Integer> {
    private static final int TOGETHER = 1000;
    private static final long NANOS = 1_000_000_000L;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(names = "--to", paramLabel = "BACKENDS", required = true, description = "where they go")
    private String to = "";

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "a tag for every metric that has none of that key")
    private List<String> tags = List.of();

    @Parameters(paramLabel = "LINE", arity = "0..*", description = "a line of line protocol; none: standard input")
    private List<String> lines = List.of();

    @Override
    public Integer call() throws IOException {
        Monitoring.Builder builder = Monitoring.to(to).buffering(TOGETHER, Duration.ofSeconds(1));
        for (String tag : tags) {
            int equals = tag.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(spec.commandLine(), "--tag " + tag + ": expected KEY=VALUE");
            }
            builder.tag(tag.substring(0, equals), tag.substring(equals + 1));
        }
        Monitoring monitoring = open(builder);
        long bad = 0;
        try (monitoring) {
            if (lines.isEmpty()) {
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                bad = sendAll(monitoring, input.lines().iterator());
            } else {
                bad = sendAll(monitoring, lines.iterator());
            }
        }
        long lost = bad + monitoring.refused();
        for (Delivery delivery : monitoring.deliveries()) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%s: %d sent, %d refused, %d dropped%n",
                            delivery.backend(), delivery.sent(), delivery.refused(), delivery.dropped());
            lost += delivery.refused() + delivery.dropped();
        }
        return lost == 0 ? 0 : 1;
    }

    private Monitoring open(Monitoring.Builder builder) throws IOException {
        try {
            return builder.open();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--to: " + e.getMessage(), e);
        }
    }

    /** Returns how many lines were bad. */
    private long sendAll(Monitoring monitoring, Iterator<String> texts) {
        long bad = 0;
        for (long number = 1; texts.hasNext(); number++) {
            try {
                for (LinePoint point :
                        LineDecoder.decode(texts.next().getBytes(StandardCharsets.UTF_8), Precision.NANOSECONDS)) {
                    monitoring.send(metric(point));
                }
            } catch (LineException e) {
                bad++;
                spec.commandLine().getErr().printf("line %d: %s%n", number, e.getMessage());
            }
        }
        return bad;
    }

    private static Metric metric(LinePoint point) {
        Metric.Builder metric = Metric.named(point.measurement()).verbosity(Verbosity.PROD);
        point.tags().forEach(tag -> metric.tag(tag.key(), tag.value()));
        for (LinePoint.Field field : point.fields()) {
            FieldValue value = field.value();
            metric.field(field.key(), value);
        }
        Long nanos = point.timestampNanos();
        if (nanos != null) {
            metric.at(Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
        }
        return metric.build();
    }
}
