package io.emberwatch.service.lifecycle;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.List;

/** One of the five services, or the console: started and stopped as a whole, alone or beside others. */
public interface Service {
    /** The name in logs, metrics and the configuration file. */
    String name();

    /**
     * Begins to work; returns once it does.
     *
     * @throws IOException when it cannot; the message says what is wrong and what to do
     */
    void start() throws IOException;

    /** What it answers over HTTP, beside what {@link ServiceServer} adds for all. Fixed but for what {@link #reload} changes. */
    List<Route> routes();

    /** What {@code /metrics} shows of it. */
    List<MetricFamily> metrics();

    /** Why it cannot do its work now; empty when it is ready. */
    List<String> notReady();

    /**
     * Takes up changed configuration files; on a fault keeps what it has.
     *
     * @throws IOException with every fault that was found
     */
    default void reload() throws IOException {}

    /** Ends its work: nothing acknowledged is lost. Called once, after a successful or failed start. */
    void stop();
}
