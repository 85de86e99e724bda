package io.emberwatch.exporter.scrape;

import io.emberwatch.model.flow.LineSink;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.List;

/** A part of the exporter that lives beside its scrapes: a listener, a tailer, a runner of programs. */
public interface Part extends AutoCloseable {
    /** What it shows on the page. Fixed once constructed. */
    default List<Source> sources() {
        return List.of();
    }

    /** What it answers over HTTP. Fixed once constructed. */
    default List<Route> routes() {
        return List.of();
    }

    /** Has the lines of line protocol that it takes go to {@code sink} too. Called before the start, if at all. */
    default void forwardLines(LineSink sink) {}

    /** Gives what asks all sources, to a part that passes on what they say; before it starts or soon after. */
    default void attach(PageReader page) {}

    /**
     * Begins to work; returns once it does.
     *
     * @throws IOException when it cannot; the message says what is wrong and what to do
     */
    default void start() throws IOException {}

    /** Why it cannot do its work now; empty when it is ready. */
    default List<String> notReady() {
        return List.of();
    }

    /**
     * Looks again at the files that its section names; called when the configuration was read again and its section is
     * as before.
     *
     * @throws IOException with every fault, each with its place; it then goes on with what it had
     */
    default void reload() throws IOException {}

    /** Ends its work, started or not; nothing that it has taken is lost. */
    @Override
    void close();
}
