package io.emberwatch.exporter.tail.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that matches an expression from a given byte on, groups included, looking at each byte once.
 *
 * <p>There is one for expressions where the next byte always says which way to go, as in {@code "([A-Z]+) ([^"]*)"}. The
 * idea is that of RE2's one-pass matcher: each row of the table is a step of the expression, each entry the next step, the
 * groups that begin or end on the way there, and whether a match found so far is preferred to going on.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp3.html">Regular expression matching in the wild</a>
 */
final class OnePass {
    /** What {@link #match} gives when it has found none. */
    static final int NONE = -1;

    private static final int MOST_STATES = 1000;
    private static final int DEAD = -1;
    private static final int STATE_BITS = 12;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;
    private static final int MATCH_WINS = 1 << STATE_BITS;
    private static final int NEEDS_BEGIN = 1 << (STATE_BITS + 1);
    private static final int MARKS_SHIFT = STATE_BITS + 2;

    private final int[] classes;
    private final int classCount;
    private final int[] table;
    private final int[][] marks;
    /** By state: 0 no match, 1 a match, 2 a match at the end of the line only; 4 is added where the begin is needed. */
    private final byte[] accepts;

    private final int[][] acceptMarks;
    private final int slots;
    private final boolean anchored;

    private OnePass(Builder builder) {
        classes = builder.classes;
        classCount = builder.classCount;
        table = builder.table();
        marks = builder.markLists.toArray(new int[0][]);
        int states = builder.rows.size();
        accepts = new byte[states];
        acceptMarks = new int[states][];
        for (int i = 0; i < states; i++) {
            accepts[i] = builder.rows.get(i).accept;
            acceptMarks[i] = builder.rows.get(i).acceptMarks;
        }
        slots = builder.slots;
        anchored = Arrays.stream(table, 0, classCount).allMatch(entry -> entry == DEAD || (entry & NEEDS_BEGIN) != 0)
                && (accepts[0] == 0 || (accepts[0] & 4) != 0);
    }

    /** The table, or null when the expression needs more than one look at a byte. */
    static @Nullable OnePass of(Nfa nfa, int groups) {
        Builder builder = new Builder(nfa, 2 * groups + 2);
        return builder.build() ? new OnePass(builder) : null;
    }

    /** Whether a match can begin at the first byte only. */
    boolean isAnchored() {
        return anchored;
    }

    int slots() {
        return slots;
    }

    /**
     * Matches at one place.
     *
     * @param begin where the line begins
     * @param at where the match has to begin
     * @param to where the line ends
     * @param places is given begin and end of the match and of each group, -1 where a group has none
     * @param work as long as {@code places}
     * @return the number of bytes looked at when there is a match, or {@code -1 -} that number
     */
    int match(byte[] line, int begin, int at, int to, int[] places, int[] work) {
        int state = 0;
        int pos = at;
        boolean found = false;
        for (int i = 0; i < slots; i++) {
            work[i] = -1;
        }
        while (true) {
            int accept = accepts[state];
            boolean accepted = accept != 0 && ((accept & 2) == 0 || pos == to) && ((accept & 4) == 0 || pos == begin);
            if (accepted) {
                System.arraycopy(work, 0, places, 0, slots);
                mark(acceptMarks[state], pos, places);
                places[0] = at;
                places[1] = pos;
                found = true;
            }
            if (pos == to) {
                break;
            }
            int entry = table[state * classCount + classes[line[pos] & 0xff]];
            if (entry == DEAD
                    || (accepted && (entry & MATCH_WINS) != 0)
                    || ((entry & NEEDS_BEGIN) != 0 && pos != begin)) {
                break;
            }
            int list = entry >>> MARKS_SHIFT;
            if (list != 0) {
                mark(marks[list], pos, work);
            }
            state = entry & STATE_MASK;
            pos++;
        }
        return found ? pos - at : -1 - (pos - at);
    }

    private static void mark(int[] slots, int pos, int[] places) {
        for (int slot : slots) {
            places[slot] = pos;
        }
    }

    /** One row of the table in the making. */
    private static final class Row {
        private final int[] entries;
        private byte accept;
        private int[] acceptMarks = {};

        Row(int classCount) {
            entries = new int[classCount];
            Arrays.fill(entries, DEAD);
        }
    }

    private static final class Builder {
        private static final int MOST_MARK_LISTS = 1 << 17;

        private final Nfa nfa;
        private final int slots;
        private final int[] classes = new int[256];
        private int classCount;
        private final List<Row> rows = new ArrayList<>();
        private final Map<Integer, Integer> states = new HashMap<>();
        private final List<Integer> pending = new ArrayList<>();
        private final List<int[]> markLists = new ArrayList<>();
        private final Map<List<Integer>, Integer> markIndex = new HashMap<>();
        private boolean[] visited = {};
        private boolean matchSeen;

        Builder(Nfa nfa, int slots) {
            this.nfa = nfa;
            this.slots = slots;
            markLists.add(new int[0]);
            markIndex.put(List.of(), 0);
        }

        boolean build() {
            classify();
            state(-1, nfa.start());
            for (int i = 0; i < pending.size(); i++) {
                visited = new boolean[nfa.size()];
                matchSeen = false;
                if (rows.size() > MOST_STATES
                        || markLists.size() > MOST_MARK_LISTS
                        || !explore(rows.get(i), pending.get(i), i == 0, 0, new ArrayList<>())) {
                    return false;
                }
            }
            return true;
        }

        // Bytes that no step tells apart share a column.
        private void classify() {
            Map<List<Boolean>, Integer> columns = new HashMap<>();
            for (int b = 0; b < 256; b++) {
                List<Boolean> signature = new ArrayList<>();
                for (int i = 0; i < nfa.size(); i++) {
                    if (nfa.step(i).kind == Nfa.Kind.BYTES) {
                        signature.add(nfa.step(i).bytes.get(b));
                    }
                }
                Integer column = columns.putIfAbsent(signature, columns.size());
                classes[b] = column == null ? columns.size() - 1 : column;
            }
            classCount = columns.size();
        }

        private int state(int key, int step) {
            Integer known = states.get(key);
            if (known != null) {
                return known;
            }
            states.put(key, rows.size());
            rows.add(new Row(classCount));
            pending.add(step);
            return rows.size() - 1;
        }

        private static final int BEGIN = 1;
        private static final int END = 2;

        private boolean explore(Row row, int index, boolean first, int conditions, List<Integer> marked) {
            if (visited[index]) {
                return false; // two ways to the same place
            }
            visited[index] = true;
            Nfa.Step step = nfa.step(index);
            return switch (step.kind) {
                case SPLIT ->
                    explore(row, step.next, first, conditions, marked)
                            && explore(row, step.other, first, conditions, marked);
                case MARK -> {
                    List<Integer> more = new ArrayList<>(marked);
                    more.add(step.slot);
                    yield explore(row, step.next, first, conditions, more);
                }
                case BEGIN -> !first || explore(row, step.next, true, conditions | BEGIN, marked);
                case END -> explore(row, step.next, first, conditions | END, marked);
                case MATCH -> accept(row, conditions, marked);
                case BYTES -> (conditions & END) != 0 || connect(row, step, conditions, marked);
            };
        }

        private boolean accept(Row row, int conditions, List<Integer> marked) {
            if (row.accept != 0) {
                return false;
            }
            row.accept = (byte) (((conditions & END) != 0 ? 2 : 1) | ((conditions & BEGIN) != 0 ? 4 : 0));
            row.acceptMarks = marked.stream().mapToInt(Integer::intValue).toArray();
            matchSeen = true;
            return true;
        }

        private boolean connect(Row row, Nfa.Step step, int conditions, List<Integer> marked) {
            int target = state(step.next, step.next);
            int list = markIndex.computeIfAbsent(List.copyOf(marked), key -> {
                markLists.add(key.stream().mapToInt(Integer::intValue).toArray());
                return markLists.size() - 1;
            });
            int entry = target
                    | (matchSeen ? MATCH_WINS : 0)
                    | ((conditions & BEGIN) != 0 ? NEEDS_BEGIN : 0)
                    | list << MARKS_SHIFT;
            boolean[] done = new boolean[classCount];
            for (int b = step.bytes.nextSetBit(0); b >= 0; b = step.bytes.nextSetBit(b + 1)) {
                int column = classes[b];
                if (!done[column]) {
                    done[column] = true;
                    if (row.entries[column] != DEAD && row.entries[column] != entry) {
                        return false;
                    }
                    row.entries[column] = entry;
                }
            }
            return true;
        }

        int[] table() {
            int[] all = new int[rows.size() * classCount];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.get(i).entries, 0, all, i * classCount, classCount);
            }
            return all;
        }
    }
}
