package io.emberwatch.rules.scrape;

/**
 * How many new series a target may bring: a quarter of what the store takes, refilled over two hours. A target whose
 * labels explode fills its own part and no more.
 */
final class SeriesBudget {
    private static final long REFILL_MILLIS = 2 * 3_600_000L;

    private final double capacity;
    private double left;
    private long filledMillis = Long.MIN_VALUE;

    /** @param capacity at least one */
    SeriesBudget(int capacity) {
        this.capacity = Math.max(1, capacity);
        left = this.capacity;
    }

    /** Takes one series off the budget; false when nothing is left. */
    boolean take(long nowMillis) {
        if (filledMillis != Long.MIN_VALUE && nowMillis > filledMillis) {
            left = Math.min(capacity, left + capacity * (double) (nowMillis - filledMillis) / REFILL_MILLIS);
        }
        filledMillis = nowMillis;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
