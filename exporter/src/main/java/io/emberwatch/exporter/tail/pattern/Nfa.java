package io.emberwatch.exporter.tail.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of an expression over bytes, as Thompson's construction lays them out. */
final class Nfa {
    private static final int MOST_STEPS = 4000;
    private static final int FIRST_LONG = 0xc2;

    /** What a step does. */
    enum Kind {
        BYTES,
        SPLIT,
        MARK,
        BEGIN,
        END,
        MATCH
    }

    /** One step; {@code next} and {@code other} are the steps after it, the first preferred. */
    static final class Step {
        final Kind kind;
        final BitSet bytes;
        final int slot;
        int next = -1;
        int other = -1;

        Step(Kind kind, BitSet bytes, int slot) {
            this.kind = kind;
            this.bytes = bytes;
            this.slot = slot;
        }
    }

    private static final BitSet NONE = new BitSet();

    private final List<Step> steps = new ArrayList<>();
    private int start;

    private Nfa() {}

    /** The steps, or null when they are too many. */
    static @Nullable Nfa of(Node node) {
        Nfa nfa = new Nfa();
        int match = nfa.add(new Step(Kind.MATCH, NONE, 0));
        nfa.start = nfa.lay(node, match);
        return nfa.steps.size() > MOST_STEPS ? null : nfa;
    }

    int start() {
        return start;
    }

    Step step(int index) {
        return steps.get(index);
    }

    int size() {
        return steps.size();
    }

    private int add(Step step) {
        steps.add(step);
        return steps.size() - 1;
    }

    private int mark(int slot, int next) {
        int index = add(new Step(Kind.MARK, NONE, slot));
        steps.get(index).next = next;
        return index;
    }

    private int plain(Kind kind, int next) {
        int index = add(new Step(kind, NONE, 0));
        steps.get(index).next = next;
        return index;
    }

    private int bytes(BitSet set, int next) {
        int index = add(new Step(Kind.BYTES, set, 0));
        steps.get(index).next = next;
        return index;
    }

    private int split(int next, int other) {
        int index = plain(Kind.SPLIT, next);
        steps.get(index).other = other;
        return index;
    }

    /** Lays the steps of a node before the step {@code after}; gives the first. */
    private int lay(Node node, int after) {
        if (steps.size() > MOST_STEPS) {
            return after;
        } else if (node instanceof Node.Literal literal) {
            return bytes(one(literal.value()), after);
        } else if (node instanceof Node.CharSet set) {
            return laySet(set, after);
        } else if (node instanceof Node.Sequence sequence) {
            int next = after;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                next = lay(sequence.parts().get(i), next);
            }
            return next;
        } else if (node instanceof Node.Choice choice) {
            int last = choice.options().size() - 1;
            int next = lay(choice.options().get(last), after);
            for (int i = last - 1; i >= 0; i--) {
                next = split(lay(choice.options().get(i), after), next);
            }
            return next;
        } else if (node instanceof Node.Repeat repeat) {
            return layRepeat(repeat, after);
        } else if (node instanceof Node.Capture capture) {
            int close = mark(2 * capture.group() + 1, after);
            return mark(2 * capture.group(), lay(capture.part(), close));
        } else if (node instanceof Node.Begin) {
            return plain(Kind.BEGIN, after);
        } else if (node instanceof Node.End) {
            return plain(Kind.END, after);
        }
        return after;
    }

    private int layRepeat(Node.Repeat repeat, int after) {
        int next = after;
        if (repeat.most() < 0) {
            int loop = split(-1, -1);
            int body = lay(repeat.part(), loop);
            choose(loop, body, after, repeat.greedy());
            next = loop;
        } else {
            for (int i = repeat.least(); i < repeat.most() && steps.size() <= MOST_STEPS; i++) {
                int option = split(-1, -1);
                choose(option, lay(repeat.part(), next), after, repeat.greedy());
                next = option;
            }
        }
        for (int i = 0; i < repeat.least() && steps.size() <= MOST_STEPS; i++) {
            next = lay(repeat.part(), next);
        }
        return next;
    }

    private void choose(int split, int body, int after, boolean greedy) {
        steps.get(split).next = greedy ? body : after;
        steps.get(split).other = greedy ? after : body;
    }

    // A character beyond ASCII is its lead byte and one to three that follow (RFC 3629).
    private int laySet(Node.CharSet set, int after) {
        int ascii = bytes(set.ascii(), after);
        if (!set.others()) {
            return ascii;
        }
        BitSet follow = range(0x80, 0xbf);
        int one = bytes(follow, after);
        int two = bytes(follow, one);
        int three = bytes(follow, two);
        int four = bytes(range(0xf0, 0xf4), three);
        int longs = split(bytes(range(0xe0, 0xef), two), four);
        return split(ascii, split(bytes(range(FIRST_LONG, 0xdf), one), longs));
    }

    private static BitSet one(int value) {
        return range(value, value);
    }

    private static BitSet range(int from, int to) {
        BitSet set = new BitSet(256);
        set.set(from, to + 1);
        return set;
    }
}
