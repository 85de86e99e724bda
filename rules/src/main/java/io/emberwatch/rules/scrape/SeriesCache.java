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
 *
 * <p>A line is a number here, and what is known of it lies in arrays in the order of the page: the memory is read from
 * front to back, which a processor does several times faster than it follows references.
 */
final class SeriesCache {
    /** No line. */
    static final int NONE = -1;

    private static final int FIRST_SIZE = 64;
    private static final int NEVER = -1;

    // Not known to those who write pages, so that nobody can make all lines fall into one slot.
    private final int factor = ThreadLocalRandom.current().nextInt() | 1;

    private byte[] texts = new byte[FIRST_SIZE * 64];
    private int[] ends = new int[FIRST_SIZE];
    private @Nullable StoredSeries[] series = new StoredSeries[FIRST_SIZE];
    private boolean[] refused = new boolean[FIRST_SIZE];
    private boolean[] tracked = new boolean[FIRST_SIZE];
    private int[] seen = new int[FIRST_SIZE];
    private int[] seenBefore = new int[FIRST_SIZE];
    private int[] following = new int[FIRST_SIZE];
    private int[] hashes = new int[FIRST_SIZE];
    private int[] chains = new int[FIRST_SIZE];
    private int[] slots = emptySlots(FIRST_SIZE);
    private int size;
    private int round;
    private int lastGood = NEVER;
    private int touched;
    private int first = NONE;
    private int previous = NONE;

    private static int[] emptySlots(int count) {
        int[] slots = new int[count];
        Arrays.fill(slots, NONE);
        return slots;
    }

    int size() {
        return size;
    }

    /** The stored series of a line; null when relabelling drops it or the store refuses it. */
    @Nullable
    StoredSeries series(int line) {
        return series[line];
    }

    /** Whether there should be a stored series and the store would not have one more. */
    boolean isRefused(int line) {
        return refused[line];
    }

    /** Says that the store takes the series after all. */
    void accept(int line, StoredSeries accepted) {
        series[line] = accepted;
        refused[line] = false;
    }

    /** Begins a scrape, whether it will bring a page or not. */
    void begin() {
        round++;
        touched = 0;
        previous = NONE;
    }

    /** The line of a series text, or {@link #NONE}. */
    int find(byte[] page, int from, int to) {
        int guess = previous == NONE ? first : following[previous];
        if (guess != NONE && matches(guess, page, from, to)) {
            previous = guess;
            return guess;
        }
        int line = slots[slot(hash(page, from, to))];
        while (line != NONE && !matches(line, page, from, to)) {
            line = chains[line];
        }
        if (line != NONE) {
            follow(line);
        }
        return line;
    }

    private void follow(int line) {
        if (previous == NONE) {
            first = line;
        } else {
            following[previous] = line;
        }
        previous = line;
    }

    private int start(int line) {
        return line == 0 ? 0 : ends[line - 1];
    }

    private boolean matches(int line, byte[] page, int from, int to) {
        return Arrays.equals(texts, start(line), ends[line], page, from, to);
    }

    /**
     * Adds a line that is not there yet.
     *
     * @param stored null when there is none
     * @param isRefused whether that is because the store refused it
     */
    int add(byte[] page, int from, int to, @Nullable StoredSeries stored, boolean isRefused) {
        if (size == ends.length) {
            resize(size * 2);
        }
        int line = size++;
        int start = start(line);
        ends[line] = start + to - from;
        while (ends[line] > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(texts.length + texts.length / 4, ends[line]));
        }
        System.arraycopy(page, from, texts, start, to - from);
        series[line] = stored;
        refused[line] = isRefused;
        tracked[line] = false;
        seen[line] = NEVER;
        seenBefore[line] = NEVER;
        following[line] = NONE;
        hashes[line] = hash(page, from, to);
        link(line);
        follow(line);
        return line;
    }

    private void link(int line) {
        int slot = slot(hashes[line]);
        chains[line] = slots[slot];
        slots[slot] = line;
    }

    private void resize(int capacity) {
        ends = Arrays.copyOf(ends, capacity);
        series = Arrays.copyOf(series, capacity);
        refused = Arrays.copyOf(refused, capacity);
        tracked = Arrays.copyOf(tracked, capacity);
        seen = Arrays.copyOf(seen, capacity);
        seenBefore = Arrays.copyOf(seenBefore, capacity);
        following = Arrays.copyOf(following, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        chains = Arrays.copyOf(chains, capacity);
        slots = emptySlots(capacity);
        for (int line = 0; line < size; line++) {
            link(line);
        }
    }

    private int slot(int hash) {
        return hash & (slots.length - 1);
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
     * @param isTracked whether the series gets a stale marker when it is gone
     * @return false when the page held it before
     */
    boolean touch(int line, boolean isTracked) {
        if (seen[line] == round) {
            return false;
        }
        seenBefore[line] = tracked[line] ? seen[line] : NEVER;
        seen[line] = round;
        tracked[line] = isTracked;
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
        int kept = 0;
        int[] moved = new int[size];
        Arrays.fill(slots, NONE);
        for (int line = 0; line < size; line++) {
            StoredSeries stored = series[line];
            if (seen[line] == round) {
                moved[line] = kept;
                move(line, kept++);
            } else {
                moved[line] = NONE;
                if (stored != null && tracked[line] && isGood(seen[line])) {
                    vanished.accept(stored);
                }
            }
        }
        for (int line = 0; line < kept; line++) {
            following[line] = following[line] == NONE ? NONE : moved[following[line]];
            link(line);
        }
        Arrays.fill(series, kept, size, null);
        first = first == NONE ? NONE : moved[first];
        size = kept;
        shrink();
    }

    private void move(int from, int to) {
        int textFrom = start(from);
        int length = ends[from] - textFrom;
        int textTo = start(to);
        System.arraycopy(texts, textFrom, texts, textTo, length);
        ends[to] = textTo + length;
        series[to] = series[from];
        refused[to] = refused[from];
        tracked[to] = tracked[from];
        seen[to] = seen[from];
        seenBefore[to] = seenBefore[from];
        following[to] = following[from];
        hashes[to] = hashes[from];
    }

    // A target that was large once must not hold the memory for ever.
    private void shrink() {
        if (size < ends.length / 8 && ends.length > FIRST_SIZE) {
            resize(Math.max(FIRST_SIZE, Integer.highestOneBit(Math.max(1, size)) * 2));
            texts = Arrays.copyOf(texts, Math.max(FIRST_SIZE * 64, size == 0 ? 0 : ends[size - 1]));
        }
    }

    /** Ends a page that was not taken: shows every series that had been alive and is so no more. */
    void fail(Consumer<StoredSeries> ended) {
        if (lastGood != NEVER) {
            for (int line = 0; line < size; line++) {
                boolean alive = seen[line] == round ? isGood(seenBefore[line]) : tracked[line] && isGood(seen[line]);
                StoredSeries stored = series[line];
                if (alive && stored != null) {
                    ended.accept(stored);
                }
            }
        }
        lastGood = NEVER;
    }

    private boolean isGood(int when) {
        return when != NEVER && when == lastGood;
    }
}
