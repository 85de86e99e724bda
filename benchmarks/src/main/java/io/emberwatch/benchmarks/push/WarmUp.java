package io.emberwatch.benchmarks.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Lets processes work until a line costs them the same again and again: what a JVM compiles at first weighs more than the
 * lines of some seconds, and is no part of what a line costs.
 */
final class WarmUp {
    private static final int SLICE_SECONDS = 5;
    private static final int LEAST_SECONDS = 20;
    private static final int MOST_SECONDS = Integer.getInteger("push.warmup", 90);
    private static final int ALIKE = 3;
    private static final double FLAT = 1.05;

    private WarmUp() {}

    /** Lets work go on. */
    @FunctionalInterface
    interface Slice {
        /** @return what a line cost in these seconds */
        double cost(int seconds) throws IOException;
    }

    /** @return the seconds that it took, 90 at most unless {@code -Dpush.warmup} says otherwise */
    static int until(Slice slice) throws IOException {
        List<Double> costs = new ArrayList<>();
        int seconds = 0;
        while (seconds < MOST_SECONDS && !(seconds >= LEAST_SECONDS && flat(costs))) {
            costs.add(slice.cost(SLICE_SECONDS));
            seconds += SLICE_SECONDS;
        }
        return seconds;
    }

    private static boolean flat(List<Double> costs) {
        List<Double> last = costs.subList(Math.max(0, costs.size() - ALIKE), costs.size());
        return last.size() == ALIKE && Collections.max(last) <= FLAT * Collections.min(last);
    }
}
