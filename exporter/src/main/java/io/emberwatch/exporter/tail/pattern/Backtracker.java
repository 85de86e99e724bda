package io.emberwatch.exporter.tail.pattern;

import java.util.Arrays;

/**
 * Matches an expression by trying its ways in order of preference, never the same place of the line twice at the same fork.
 *
 * <p>Time and memory are at most in proportion to forks times bytes, as with RE2's bit-state matcher; mostly the first way
 * is the right one.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp3.html">Regular expression matching in the wild</a>
 */
final class Backtracker {
    private static final int MOST_BITS = 1 << 20;

    private final Nfa.Kind[] kinds;
    private final boolean[][] bytes;
    private final int[] next;
    private final int[] other;
    private final int[] slot;
    private final int[] fork;
    private final int forks;
    private final int start;
    private final int slots;
    private final int[] marks;
    private long[] visited = new long[64];
    private int[] stack = new int[64];
    private int depth;

    Backtracker(Nfa nfa, int groups) {
        int size = nfa.size();
        kinds = new Nfa.Kind[size];
        bytes = new boolean[size][];
        next = new int[size];
        other = new int[size];
        slot = new int[size];
        fork = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            Nfa.Step step = nfa.step(i);
            kinds[i] = step.kind;
            next[i] = step.next;
            other[i] = step.other;
            slot[i] = step.slot;
            boolean[] set = new boolean[256];
            step.bytes.stream().forEach(b -> set[b] = true);
            bytes[i] = set;
            fork[i] = step.kind == Nfa.Kind.SPLIT ? count++ : -1;
        }
        forks = count;
        start = nfa.start();
        slots = 2 * groups + 2;
        marks = new int[slots];
    }

    /** Whether a line is short enough. */
    boolean takes(int length) {
        return (long) forks * (length + 1) <= MOST_BITS;
    }

    /** Prepares for matches within a line; to be called before {@link #match} at its first place. */
    void begin(int length) {
        int words = (int) (((long) forks * (length + 1) + 63) >> 6);
        if (words > visited.length) {
            visited = new long[Math.max(words, 2 * visited.length)];
        } else {
            Arrays.fill(visited, 0, words, 0);
        }
    }

    /** Whether a match begins at {@code at}; to be called with ascending places of one line. */
    boolean match(byte[] line, int from, int at, int to, int[] places) {
        Arrays.fill(marks, -1);
        depth = 0;
        push(start, at);
        while (depth > 0) {
            int pos = stack[--depth];
            int step = stack[--depth];
            if (step < 0) {
                marks[-1 - step] = pos;
            } else if (run(line, from, to, step, pos)) {
                System.arraycopy(marks, 0, places, 0, slots);
                places[0] = at;
                return true;
            }
        }
        return false;
    }

    private boolean run(byte[] line, int from, int to, int first, int begin) {
        int step = first;
        int pos = begin;
        while (true) {
            switch (kinds[step]) {
                case BYTES -> {
                    if (pos == to || !bytes[step][line[pos] & 0xff]) {
                        return false;
                    }
                    pos++;
                }
                case SPLIT -> {
                    int bit = fork[step] * (to - from + 1) + pos - from;
                    if ((visited[bit >> 6] & 1L << bit) != 0) {
                        return false;
                    }
                    visited[bit >> 6] |= 1L << bit;
                    push(other[step], pos);
                }
                case MARK -> {
                    push(-1 - slot[step], marks[slot[step]]);
                    marks[slot[step]] = pos;
                }
                case BEGIN -> {
                    if (pos != from) {
                        return false;
                    }
                }
                case END -> {
                    if (pos != to) {
                        return false;
                    }
                }
                case MATCH -> {
                    marks[1] = pos;
                    return true;
                }
            }
            step = next[step];
        }
    }

    private void push(int step, int pos) {
        if (depth + 2 > stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
        }
        stack[depth++] = step;
        stack[depth++] = pos;
    }
}
