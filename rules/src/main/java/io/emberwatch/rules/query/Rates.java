package io.emberwatch.rules.query;

/** How fast a series grows: {@code rate}, {@code increase}, {@code delta}, {@code irate}, {@code idelta}. */
final class Rates {
    private static final double NEAR = 1.1;

    private Rates() {}

    /**
     * The growth over the whole range, extrapolated from the samples in it.
     *
     * <p>Where the first or last sample is near the edge of the range, the growth goes on to the edge; near is closer than
     * 1.1 times the average distance of samples. Else it goes on for half that distance. A counter is not extrapolated to
     * before it was zero.
     */
    static double extrapolated(Window window, boolean counter, boolean perSecond) {
        if (window.count() < 2) {
            return Frame.ABSENT;
        }
        double growth = window.last() - window.first();
        if (counter && window.hasReset()) {
            growth += lostInResets(window);
        }
        long firstTime = window.time(window.from());
        long lastTime = window.time(window.to() - 1);
        double sampled = (lastTime - firstTime) / 1e3;
        double distance = sampled / (window.count() - 1);
        double toStart = (firstTime - window.start()) / 1e3;
        double toEnd = (window.end() - lastTime) / 1e3;
        if (toStart >= distance * NEAR) {
            toStart = distance / 2;
        }
        if (counter && growth > 0 && window.first() >= 0) {
            toStart = Math.min(toStart, sampled * (window.first() / growth));
        }
        if (toEnd >= distance * NEAR) {
            toEnd = distance / 2;
        }
        double factor = (sampled + toStart + toEnd) / sampled;
        return growth * (perSecond ? factor / ((window.end() - window.start()) / 1e3) : factor);
    }

    private static double lostInResets(Window window) {
        double lost = 0;
        for (int i = window.from() + 1; i < window.to(); i++) {
            if (window.value(i) < window.value(i - 1)) {
                lost += window.value(i - 1);
            }
        }
        return lost;
    }

    /** The growth from the last sample but one to the last. */
    static double instant(Window window, boolean perSecond) {
        if (window.count() < 2) {
            return Frame.ABSENT;
        }
        double last = window.last();
        double before = window.value(window.to() - 2);
        double growth = perSecond && last < before ? last : last - before;
        if (!perSecond) {
            return growth;
        }
        double seconds = (window.time(window.to() - 1) - window.time(window.to() - 2)) / 1e3;
        return growth / seconds;
    }
}
