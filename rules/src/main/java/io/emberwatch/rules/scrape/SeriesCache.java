package io.emberwatch.rules.scrape;

import io.emberwatch.rules.store.StoredSeries;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of a target as its pages spell them, so that a known line costs a comparison instead of parsing, relabelling
 * and a look-up by labels. Pages keep their order from scrape to scrape: the line that followed last time is tried first,
 * then a hash of the bytes.
 */
final class SeriesCache {
    private static final int FIRST_SIZE = 64;
    private static final int NEVER = -1;

    // Not known to those who write pages, so that nobody can make all lines fall into one slot.
    private final int factor = ThreadLocalRandom.current().nextInt() | 1;
    private @Nullable Entry[] table = new Entry[FIRST_SIZE];
    private int size;
    private int round;
    private int lastGood = NEVER;
    private int touched;
    private @Nullable Entry previous;
    private @Nullable Entry first;

    /** What is known of one spelling of a series. */
    static final class Entry {
        private final byte[] text;
        private final int hash;
        private @Nullable StoredSeries series;
        private boolean refused;
        private @Nullable Entry chain;
        private @Nullable Entry following;
        private int seen;
        private int seenBefore = NEVER;
        private boolean tracked;

        private Entry(byte[] text, int hash, @Nullable StoredSeries series) {
            this.text = text;
            this.hash = hash;
            this.series = series;
            seen = NEVER;
        }

        /** The stored series; null when relabelling drops it or the store refuses it. */
        @Nullable
        StoredSeries series() {
            return series;
        }

        /** Whether there should be a stored series and the store would not have one more. */
        boolean isRefused() {
            return refused;
        }

        /** Says that the store takes the series after all. */
        void accept(StoredSeries accepted) {
            series = accepted;
            refused = false;
        }
    }

    int size() {
        return size;
    }

    /** Begins a scrape, whether it will bring a page or not. */
    void begin() {
        round++;
        touched = 0;
        previous = null;
    }

    /** The entry of a series text, or null. */
    @Nullable
    Entry find(byte[] page, int from, int to) {
        Entry guess = previous == null ? first : previous.following;
        if (guess != null && matches(guess, page, from, to)) {
            previous = guess;
            return guess;
        }
        Entry entry = table[slot(hash(page, from, to))];
        while (entry != null && !matches(entry, page, from, to)) {
            entry = entry.chain;
        }
        if (entry != null) {
            follow(entry);
        }
        return entry;
    }

    private void follow(Entry entry) {
        if (previous == null) {
            first = entry;
        } else {
            previous.following = entry;
        }
        previous = entry;
    }

    private static boolean matches(Entry entry, byte[] page, int from, int to) {
        return Arrays.equals(entry.text, 0, entry.text.length, page, from, to);
    }

    /**
     * Adds an entry that is not there yet.
     *
     * @param series null when there is none
     * @param refused whether that is because the store refused it
     */
    Entry add(byte[] page, int from, int to, @Nullable StoredSeries series, boolean refused) {
        if (size >= table.length) {
            grow();
        }
        byte[] text = Arrays.copyOfRange(page, from, to);
        Entry entry = new Entry(text, hash(page, from, to), series);
        entry.refused = refused;
        int slot = slot(entry.hash);
        entry.chain = table[slot];
        table[slot] = entry;
        size++;
        follow(entry);
        return entry;
    }

    private void grow() {
        @Nullable Entry[] old = table;
        table = new Entry[old.length * 2];
        for (Entry head : old) {
            for (Entry entry = head; entry != null; ) {
                Entry next = entry.chain;
                int slot = slot(entry.hash);
                entry.chain = table[slot];
                table[slot] = entry;
                entry = next;
            }
        }
    }

    private int slot(int hash) {
        return hash & (table.length - 1);
    }

    private int hash(byte[] page, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = factor * hash + page[i];
        }
        return hash ^ (hash >>> 15);
    }

    /**
     * Notes that the page holds the series.
     *
     * @param tracked whether the series gets a stale marker when it is gone
     * @return false when the page held it before
     */
    boolean touch(Entry entry, boolean tracked) {
        if (entry.seen == round) {
            return false;
        }
        entry.seenBefore = entry.tracked ? entry.seen : NEVER;
        entry.seen = round;
        entry.tracked = tracked;
        touched++;
        return true;
    }

    /** Ends a page that was taken: forgets the series it did not hold, after showing those that had been alive. */
    void succeed(Consumer<StoredSeries> vanished) {
        if (touched < size) {
            sweep(vanished);
        }
        lastGood = round;
    }

    private void sweep(Consumer<StoredSeries> vanished) {
        for (int slot = 0; slot < table.length; slot++) {
            Entry kept = null;
            for (Entry entry = table[slot]; entry != null; ) {
                Entry next = entry.chain;
                if (entry.seen == round) {
                    entry.chain = kept;
                    kept = entry;
                } else {
                    size--;
                    if (entry.series != null && entry.tracked && isGood(entry.seen)) {
                        vanished.accept(entry.series);
                    }
                }
                entry = next;
            }
            table[slot] = kept;
        }
        // Every line of this page was linked to the next; only the end may still point to an entry that is no more.
        if (previous == null) {
            first = null;
        } else {
            previous.following = null;
        }
    }

    /** Ends a page that was not taken: shows every series that had been alive and is so no more. */
    void fail(Consumer<StoredSeries> ended) {
        if (lastGood != NEVER) {
            for (Entry head : table) {
                for (Entry entry = head; entry != null; entry = entry.chain) {
                    boolean alive =
                            entry.seen == round ? isGood(entry.seenBefore) : entry.tracked && isGood(entry.seen);
                    if (alive && entry.series != null) {
                        ended.accept(entry.series);
                    }
                }
            }
        }
        lastGood = NEVER;
    }

    private boolean isGood(int seen) {
        return seen != NEVER && seen == lastGood;
    }
}
