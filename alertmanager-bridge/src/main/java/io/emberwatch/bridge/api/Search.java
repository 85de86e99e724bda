package io.emberwatch.bridge.api;

import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.route.Matchers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks through what was received, the newest first; at most {@value #MAX_SCANNED} notifications are looked at. */
final class Search {
    static final int MAX_SCANNED = 5000;

    private static final int CHUNK = 200;

    // What was given up and sent again counts by what became of that.
    private static final Set<String> SETTLED = Set.of("delivered", "replayed", "discarded");

    private Search() {}

    /**
     * What is looked for.
     *
     * @param before only what has a smaller number
     * @param after only what has a larger number
     * @param text a part of headline, receiver or incident, in any case; empty for all
     * @param matchers what the labels of one alert must be like; null for all
     * @param undelivered only what is not delivered to every channel
     */
    record Wanted(
            long before, long after, String text, @Nullable Matchers matchers, boolean undelivered) {
        boolean isAll() {
            return text.isEmpty() && matchers == null && !undelivered;
        }
    }

    static List<Archive.Entry> find(Archive archive, Wanted wanted, int limit) throws OutboxException {
        List<Archive.Entry> found = new ArrayList<>();
        long before = wanted.before();
        int scanned = 0;
        while (found.size() < limit && scanned < MAX_SCANNED) {
            int chunk = wanted.isAll() ? limit : CHUNK;
            List<Archive.Entry> entries = archive.entries(before, chunk);
            for (Archive.Entry entry : entries) {
                if (entry.row().id() <= wanted.after()) {
                    return found;
                }
                if (found.size() < limit && fits(archive, entry, wanted)) {
                    found.add(entry);
                }
            }
            if (entries.size() < chunk) {
                break;
            }
            scanned += chunk;
            before = entries.get(entries.size() - 1).row().id();
        }
        return found;
    }

    private static boolean fits(Archive archive, Archive.Entry entry, Wanted wanted) throws OutboxException {
        InboxRow row = entry.row();
        String text = (row.headline() + "\n" + row.receiver() + "\n" + row.incident()).toLowerCase(Locale.ROOT);
        if (!text.contains(wanted.text().toLowerCase(Locale.ROOT))) {
            return false;
        }
        if (wanted.undelivered()
                && entry.givenUp().isEmpty()
                && entry.deliveries().stream().allMatch(progress -> SETTLED.contains(progress.state()))) {
            return false;
        }
        Matchers matchers = wanted.matchers();
        return matchers == null || fits(archive.row(row.id()), matchers);
    }

    private static boolean fits(@Nullable InboxRow row, Matchers matchers) {
        if (row == null || !row.format().equals(InboxRow.ALERTS)) {
            return false;
        }
        try {
            return WebhookJson.parse(row.raw().bytes()).alerts().stream()
                    .anyMatch(alert -> matchers.match(alert.labels()));
        } catch (MalformedPayload e) {
            return false;
        }
    }
}
