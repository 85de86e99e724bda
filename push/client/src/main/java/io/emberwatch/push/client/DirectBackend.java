package io.emberwatch.push.client;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.util.List;

/** Sends from the thread of the caller, who never hears of failures: they are counted, and the first is logged. */
final class DirectBackend implements Backend {
    private static final System.Logger LOGGER = System.getLogger("emberwatch.client");

    private final Backend next;
    private final String name;
    private final Tally tally;
    private boolean failing;

    DirectBackend(Backend next, String name, Tally tally) {
        this.next = next;
        this.name = name;
        this.tally = tally;
    }

    @Override
    public void send(List<Line> lines) {
        try {
            next.send(lines);
            tally.sent(lines.size());
            failing = false;
        } catch (IOException e) {
            tally.failed();
            tally.dropped(lines.size());
            if (!failing) {
                LOGGER.log(WARNING, "{0}: {1}", name, e.toString());
            }
            failing = true;
        }
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
