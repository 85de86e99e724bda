package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many samples queries may hold in memory together. What one query holds the others cannot have, so that many at once
 * exhaust memory no more than one does.
 *
 * <p>A query that asks for more than is left fails with Prometheus' text for its own limit, {@code --query.max-samples}.
 */
public final class SampleBudget {
    /** A time and a value. What a computed value takes, itself and in the result, is no more. */
    static final int BYTES_PER_SAMPLE = 16;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most samples of all queries together, positive */
    public SampleBudget(long most) {
        if (most <= 0) {
            throw new IllegalArgumentException("most must be positive");
        }
        this.most = most;
    }

    /** As many samples as fit into a part of the memory that Java may take. */
    public static SampleBudget ofMemory(double part) {
        return new SampleBudget(Math.max(1, (long) (Runtime.getRuntime().maxMemory() * part / BYTES_PER_SAMPLE)));
    }

    /** A budget that never ends. */
    public static SampleBudget unlimited() {
        return new SampleBudget(Long.MAX_VALUE / 2);
    }

    /** How many samples may be held at once. */
    public long most() {
        return most;
    }

    /** How many samples are held now. */
    public long held() {
        return held.get();
    }

    /** What a query holds; it begins with nothing. */
    public Share open() {
        return new Share();
    }

    /** What one query holds of the budget. For one thread. */
    public final class Share implements AutoCloseable {
        private long own;

        private Share() {}

        /**
         * Takes some more.
         *
         * @throws QueryException when that is more than is left; nothing is taken then
         */
        public void take(long samples) throws QueryException {
            if (held.addAndGet(samples) > most) {
                held.addAndGet(-samples);
                throw Run.tooMany();
            }
            own += samples;
        }

        void give(long samples) {
            held.addAndGet(-samples);
            own -= samples;
        }

        /** Gives back all but some. */
        void keep(long samples) {
            give(own - Math.min(own, samples));
        }

        /** How many samples it holds. */
        public long samples() {
            return own;
        }

        /** Gives everything back. */
        @Override
        public void close() {
            keep(0);
        }
    }
}
