package io.emberwatch.push.client;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way of an application's metrics out of it.
 *
 * <pre>{@code
 * try (Monitoring monitoring = Monitoring.to("influxdb-udp://127.0.0.1:8089,stdout:///debug")
 *         .tag("subsystem", "readout")
 *         .buffering(500, Duration.ofSeconds(1))
 *         .processMonitoring(Duration.ofSeconds(5))
 *         .open()) {
 *     monitoring.send(Metric.named("events").value(1042).tag("detector", "ITS").build(), Derivation.RATE);
 *     monitoring.send(Metric.named("link").field("up", true).field("errors", 3).build());
 * }
 * }</pre>
 *
 * Backends: {@code influxdb-udp://host:port}, {@code influxdb-unix:///path} (datagrams to a socket in the file system),
 * {@code http://host:port[/path]?db=name} and {@code https} (user and password as {@code u} and {@code p}),
 * {@code influxdbv2://host:port?org=…&bucket=…&token=…}, {@code stdout://}, {@code infologger://} and {@code no-op://};
 * {@code kafka://host:port?topic=name} with emberwatch-push on the class path; several are separated by commas. Behind the
 * address stands how much a backend takes, {@code /prod}, {@code /info} (as without) or {@code /debug}.
 *
 * <p>Nothing that happens to a backend is thrown at the application: see {@link #deliveries()}. Backends that write to a
 * network have a queue of {@code ?queue=100000} lines and try again until they succeed; beyond that the newest are
 * dropped and counted. Safe for several threads.
 */
public final class Monitoring implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("emberwatch.client");
    private static final String HOSTNAME = "hostname";

    private final List<Target> targets;
    private final SortedMap<String, String> globalTags;
    private final List<Policy> policies;
    private final InstantSource clock;
    private final int bufferLines;
    private final @Nullable ProcessMonitor process;
    private final @Nullable ScheduledExecutorService scheduler;
    private final List<Future<?>> plans = new ArrayList<>();

    private final Object lock = new Object();
    private final Derivations derivations = new Derivations();
    private final Map<Verbosity, List<Line>> buffers = new EnumMap<>(Verbosity.class);
    private int buffered;
    private long refused;
    private boolean closed;

    private Monitoring(Builder builder, List<Target> targets) {
        this.targets = targets;
        globalTags = new TreeMap<>(builder.tags);
        policies = List.copyOf(builder.policies);
        clock = builder.clock;
        bufferLines = builder.bufferLines;
        process = builder.processInterval == null ? null : new ProcessMonitor();
        scheduler = builder.processInterval == null && builder.bufferAge == null ? null : thread();
        plan(builder.processInterval, this::lookAtProcess);
        plan(builder.bufferAge, this::flush);
    }

    private static ScheduledExecutorService thread() {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "emberwatch-client");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void plan(@Nullable Duration interval, Runnable work) {
        if (interval != null && scheduler != null) {
            plans.add(scheduler.scheduleAtFixedRate(work, 0, interval.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** @param backends addresses, separated by commas; may be empty when others are added */
    public static Builder to(String backends) {
        return new Builder(backends);
    }

    /** Sends a metric; what cannot be written as line protocol is refused, counted and logged once. */
    public void send(Metric metric) {
        send(metric, Derivation.NONE);
    }

    /** Sends a metric and what is derived from it and those before. */
    public void send(Metric metric, Derivation derivation) {
        Instant at = metric.at() == null ? clock.instant() : metric.at();
        synchronized (lock) {
            if (closed) {
                refused++;
                return;
            }
            Optional<Metric> derived = derivations.apply(metric, derivation, at);
            if (derived.isEmpty()) {
                return;
            }
            Line line = line(derived.get(), at);
            if (line == null) {
                return;
            }
            buffers.computeIfAbsent(line.metric().verbosity(), none -> new ArrayList<>())
                    .add(line);
            buffered++;
            if (buffered >= bufferLines) {
                flush();
            }
        }
    }

    private @Nullable Line line(Metric metric, Instant at) {
        SortedMap<String, String> tags = new TreeMap<>(globalTags);
        tags.putAll(metric.tags());
        Verbosity verbosity = metric.verbosity();
        for (Policy policy : policies) {
            if (policy.pattern.matcher(metric.name()).matches()) {
                verbosity = policy.verbosity;
                break;
            }
        }
        try {
            return Line.of(new Metric(metric.name(), tags, metric.fields(), at, verbosity), at);
        } catch (IllegalArgumentException e) {
            if (refused++ == 0) {
                LOGGER.log(
                        WARNING, "a metric cannot be sent, this and others like it are left out: {0}", e.getMessage());
            }
            return null;
        }
    }

    /** Hands what is buffered to the backends. */
    public void flush() {
        synchronized (lock) {
            buffers.forEach((verbosity, lines) -> {
                List<Line> batch = List.copyOf(lines);
                for (Target target : targets) {
                    if (!batch.isEmpty() && target.verbosity.takes(verbosity)) {
                        target.send(batch);
                    }
                }
                lines.clear();
            });
            buffered = 0;
        }
    }

    private void lookAtProcess() {
        if (process != null) {
            process.look(clock.instant()).forEach(this::send);
        }
    }

    /** What became of the lines, backend by backend in the order they were named. */
    public List<Delivery> deliveries() {
        return targets.stream().map(target -> target.tally.soFar(target.name)).toList();
    }

    /** Metrics that could not be written as line protocol, or came after {@link #close()}. */
    public long refused() {
        synchronized (lock) {
            return refused;
        }
    }

    /** Sends what is buffered and, with process monitoring, what can be said at the end; waits for each backend up to 5 s. */
    @Override
    public void close() {
        plans.forEach(plan -> plan.cancel(false));
        if (scheduler != null) {
            scheduler.shutdown();
        }
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (process != null) {
                process.farewell().forEach(this::send);
            }
            flush();
            closed = true;
        }
        targets.forEach(Target::close);
    }

    private record Policy(Pattern pattern, Verbosity verbosity) {}

    private record Target(String name, Verbosity verbosity, Backend backend, Tally tally) {
        void send(List<Line> lines) {
            try {
                backend.send(lines);
            } catch (IOException e) {
                LOGGER.log(WARNING, "{0}: {1}", name, e.toString());
            }
        }

        void close() {
            try {
                backend.close();
            } catch (IOException e) {
                LOGGER.log(WARNING, "{0}: {1}", name, e.toString());
            }
        }
    }

    /** What is to be known before the first metric is sent. */
    public static final class Builder {
        private final String addresses;
        private final Map<String, String> tags = new TreeMap<>();
        private final List<Policy> policies = new ArrayList<>();
        private final List<LocalRegistry> registries = new ArrayList<>();
        private InstantSource clock = InstantSource.system();
        private int bufferLines = 1;
        private @Nullable Duration bufferAge;
        private @Nullable Duration processInterval;

        private Builder(String addresses) {
            this.addresses = addresses;
        }

        /** Adds a tag to every metric that has none of that key. {@code hostname} is there unless it is set here. */
        public Builder tag(String key, String value) {
            tags.put(key, value);
            return this;
        }

        /** Adds the tag {@code run}; 0 takes it away. */
        public Builder run(long number) {
            if (number == 0) {
                tags.remove("run");
                return this;
            }
            return tag("run", Long.toString(number));
        }

        /** Keeps the last values in the registry as well, for a page of the application's own. Takes all verbosities. */
        public Builder registry(LocalRegistry registry) {
            registries.add(registry);
            return this;
        }

        /** Gives metrics whose whole name matches another verbosity than their own; the first that matches decides. */
        public Builder verbosity(Pattern names, Verbosity verbosity) {
            policies.add(new Policy(names, verbosity));
            return this;
        }

        /**
         * Sends metrics together.
         *
         * @param lines as many as are waited for; from 1 on
         * @param age for as long at most
         */
        public Builder buffering(int lines, Duration age) {
            if (lines < 1 || age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("a buffer holds at least one line for some time");
            }
            bufferLines = lines;
            bufferAge = age;
            return this;
        }

        /** Sends what this process needs, every {@code interval}, and at the end what it needed in all. */
        public Builder processMonitoring(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException(interval + " is no interval");
            }
            processInterval = interval;
            return this;
        }

        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /**
         * Opens the backends.
         *
         * @throws IllegalArgumentException when an address is not understood; it says which and why
         * @throws IOException when a backend cannot be opened
         */
        public Monitoring open() throws IOException {
            tags.computeIfAbsent(HOSTNAME, none -> hostname());
            List<Target> targets = new ArrayList<>();
            try {
                for (String text : addresses.split(",", -1)) {
                    if (!text.isBlank()) {
                        targets.add(target(BackendAddress.parse(text)));
                    }
                }
            } catch (IOException | RuntimeException e) {
                targets.forEach(Target::close);
                throw e;
            }
            for (LocalRegistry registry : registries) {
                Tally tally = new Tally();
                targets.add(new Target(
                        registry.name(), Verbosity.DEBUG, new DirectBackend(registry, registry.name(), tally), tally));
            }
            return new Monitoring(this, targets);
        }

        private static Target target(BackendAddress address) throws IOException {
            boolean prints =
                    address.scheme().equals("stdout") || address.scheme().equals("infologger");
            Verbosity verbosity =
                    Objects.requireNonNullElse(address.verbosity(), prints ? Verbosity.DEBUG : Verbosity.INFO);
            Tally tally = new Tally();
            return new Target(address.toString(), verbosity, Backends.open(address, tally), tally);
        }

        private static String hostname() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }
}
