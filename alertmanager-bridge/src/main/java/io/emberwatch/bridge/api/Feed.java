package io.emberwatch.bridge.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to notifications, live: every event of every trail as a server-sent event whose identifier is its number.
 * A client that comes back says which it saw last and misses none.
 *
 * <p>At most {@value #MAX_CLIENTS} clients listen. The last {@value #MAX_RING} events are held for all of them together;
 * who is further behind is served from the outbox.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
public final class Feed implements AutoCloseable {
    static final int MAX_CLIENTS = 220;
    static final int MAX_RING = 5000;

    private static final int CHUNK = 500;
    private static final int MAX_TEXT = 500;
    private static final int HEARTBEAT_SECONDS = 15;
    private static final int POLL_MILLIS = 500;
    private static final JsonFactory JSON = new JsonFactory();
    private static final Logger logger = LoggerFactory.getLogger("bridge.feed");

    private final Outbox outbox;
    private final Thread thread = new Thread(this::follow, "bridge-feed");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition commits = lock.newCondition();
    private final Deque<Event> ring = new ArrayDeque<>();
    private final AtomicInteger clients = new AtomicInteger();
    private boolean stale = true;
    private boolean resting;
    private long newest;
    private volatile boolean closed;

    private record Event(long id, Payload text) {}

    public Feed(Outbox outbox) {
        this.outbox = outbox;
        thread.setDaemon(true);
    }

    /** Begins to follow the outbox. */
    public void start() throws OutboxException {
        newest = outbox.incidents().newestEvent();
        outbox.onCommit(this::committed);
        thread.start();
    }

    private void committed() {
        lock.lock();
        try {
            stale = true;
            if (clients.get() > 0) {
                commits.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        while (!closed) {
            try {
                if (awaitCommit() && isListenedTo()) {
                    List<Incidents.FeedEvent> events = outbox.incidents().trailAfter(newest, CHUNK);
                    add(events);
                    if (events.size() == CHUNK) {
                        committed();
                    }
                }
            } catch (OutboxException e) {
                logger.atDebug().setCause(e).log("the trail cannot be read");
                committed();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    // Now and then without one too: another process may have written.
    private boolean awaitCommit() throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
            while (!stale && nanos > 0 && !closed) {
                nanos = commits.awaitNanos(nanos);
            }
            stale = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    // Without listeners nothing is read and nothing held: whoever comes then is served from the outbox first.
    private boolean isListenedTo() throws OutboxException {
        boolean listened = clients.get() > 0;
        if (!listened || resting) {
            long now = listened ? outbox.incidents().newestEvent() : newest;
            lock.lock();
            try {
                ring.clear();
                newest = now;
                resting = !listened;
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
        return listened;
    }

    private void add(List<Incidents.FeedEvent> events) {
        lock.lock();
        try {
            for (Incidents.FeedEvent event : events) {
                ring.addLast(new Event(event.id(), text(event)));
                newest = event.id();
                if (ring.size() > MAX_RING) {
                    ring.removeFirst();
                }
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Payload text(Incidents.FeedEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try {
            out.write(("id: " + event.id() + "\ndata: ").getBytes(StandardCharsets.UTF_8));
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                json.writeNumberField("id", event.id());
                json.writeStringField("at", event.at().toString());
                json.writeNumberField("notification", event.notification());
                json.writeStringField("channel", event.channel());
                json.writeStringField("event", event.event());
                json.writeStringField("code", event.code());
                json.writeStringField("detail", Clip.to(Clip.oneLine(event.detail()), MAX_TEXT));
                json.writeStringField("headline", Clip.to(Clip.oneLine(event.headline()), MAX_TEXT));
                json.writeStringField("incident", event.incident());
                json.writeStringField("state", Clip.to(Clip.oneLine(event.state()), MAX_TEXT));
                json.writeEndObject();
            }
            out.write("\n\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return Payload.of(out.toByteArray());
    }

    /**
     * {@code GET /bridge/stream}: events from now on, or from behind the one that the header {@code Last-Event-ID} or
     * the parameter {@code after} names. Ends when the client goes or the bridge stops.
     */
    public void stream(Exchange exchange) throws IOException, HttpError {
        long after = after(exchange);
        if (clients.incrementAndGet() > MAX_CLIENTS) {
            clients.decrementAndGet();
            throw new HttpError(503, "more than " + MAX_CLIENTS + " listeners at once");
        }
        committed(); // which wakes whoever rests
        exchange.setHeader("Cache-Control", "no-store");
        exchange.setHeader("X-Accel-Buffering", "no");
        try (OutputStream out = exchange.stream(200, "text/event-stream")) {
            out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            serve(out, after);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.decrementAndGet();
        }
    }

    private long after(Exchange exchange) throws HttpError, OutboxException {
        String given = exchange.header("Last-Event-ID");
        String asked = given == null ? exchange.param("after") : given;
        if (asked == null) {
            return outbox.incidents().newestEvent();
        }
        if (!asked.matches("[0-9]{1,18}")) {
            throw new HttpError(400, "Last-Event-ID: expected the number of an event");
        }
        return Long.parseLong(asked);
    }

    private void serve(OutputStream out, long after) throws IOException, InterruptedException {
        long sent = after;
        while (!closed) {
            List<Event> events = held(sent);
            if (events == null) {
                events = outbox.incidents().trailAfter(sent, CHUNK).stream()
                        .map(event -> new Event(event.id(), text(event)))
                        .toList();
            } else if (events.isEmpty()) {
                out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
            }
            for (Event event : events) {
                out.write(event.text().bytes());
                sent = event.id();
            }
            out.flush();
        }
    }

    // What there is behind an event, waiting for it; empty when there was none for a while; null when the outbox has to
    // be asked.
    private @Nullable List<Event> held(long sent) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.SECONDS.toNanos(HEARTBEAT_SECONDS);
            while (newest <= sent && nanos > 0 && !closed) {
                nanos = news.awaitNanos(nanos);
            }
            if (newest <= sent) {
                return List.of();
            }
            if (ring.isEmpty() || ring.peekFirst().id() > sent + 1) {
                return null;
            }
            List<Event> events = new ArrayList<>();
            for (Iterator<Event> it = ring.descendingIterator(); it.hasNext(); ) {
                Event event = it.next();
                if (event.id() <= sent) {
                    break;
                }
                events.add(0, event);
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** How many clients listen. */
    public int clients() {
        return clients.get();
    }

    @Override
    public void close() {
        closed = true;
        outbox.onCommit(() -> {});
        lock.lock();
        try {
            news.signalAll();
            commits.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
