package io.emberwatch.exporter.scrape;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a scraper waits, by the header that Prometheus sends with every scrape. */
public final class ScrapeTimeout {
    public static final String HEADER = "X-Prometheus-Scrape-Timeout-Seconds";

    /** How much sooner an answer is finished, when twice as much is left. */
    public static final Duration OFFSET = Duration.ofMillis(500);

    private static final double LONGEST_SECONDS = 3600;
    private static final double MILLIS = 1000;

    private ScrapeTimeout() {}

    /** What the header says, an hour at most; {@code otherwise} when it is missing or no positive number. */
    public static Duration of(@Nullable String header, Duration otherwise) {
        if (header == null) {
            return otherwise;
        }
        try {
            double seconds = Double.parseDouble(header);
            return seconds > 0 ? Duration.ofMillis((long) (Math.min(seconds, LONGEST_SECONDS) * MILLIS)) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** What is left when the answer is to be there {@code offset} sooner; half of the time at least. */
    public static Duration less(Duration timeout, Duration offset) {
        Duration half = timeout.dividedBy(2);
        return timeout.minus(offset.compareTo(half) < 0 ? offset : half);
    }
}
