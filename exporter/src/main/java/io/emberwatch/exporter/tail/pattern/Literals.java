package io.emberwatch.exporter.tail.pattern;

import java.io.ByteArrayOutputStream;

/** What every match of an expression must hold, so that most lines need not be matched at all. */
final class Literals {
    private static final byte[] NONE = {};
    // Bytes that lines are full of; one of the others makes the search stop less often.
    private static final String COMMON = " etaoinsrhld012u3cmfpg45yb6w7v89.-/:\"=,";

    private final ByteArrayOutputStream run = new ByteArrayOutputStream();
    private byte[] longest = NONE;
    private byte[] first = NONE;
    private boolean atBegin = true;

    private Literals() {}

    static Literals of(Node node) {
        Literals literals = new Literals();
        literals.walk(node);
        literals.cut();
        return literals;
    }

    /** The longest text that every match holds; may be empty. */
    byte[] longest() {
        return longest;
    }

    /** The text that every match begins with; may be empty. */
    byte[] first() {
        return first;
    }

    private void walk(Node node) {
        if (node instanceof Node.Literal literal) {
            run.write(literal.value());
        } else if (node instanceof Node.Sequence sequence) {
            sequence.parts().forEach(this::walk);
        } else if (node instanceof Node.Capture capture) {
            walk(capture.part());
        } else if (node instanceof Node.Repeat repeat && repeat.least() > 0) {
            walk(repeat.part());
            cut();
        } else if (!(node instanceof Node.Empty)) {
            cut();
        }
    }

    private void cut() {
        byte[] text = run.toByteArray();
        run.reset();
        if (atBegin) {
            first = text;
        }
        atBegin = false;
        if (text.length > longest.length) {
            longest = text;
        }
    }

    /** Where {@code text} begins within a range of bytes, or -1. */
    static int indexOf(byte[] line, int from, int to, byte[] text, int rare) {
        byte sought = text[rare];
        int last = to - text.length + rare;
        for (int i = from + rare; i <= last; i++) {
            if (line[i] == sought && holds(line, i - rare, text)) {
                return i - rare;
            }
        }
        return -1;
    }

    private static boolean holds(byte[] line, int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (line[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** The place of the byte of a text that lines hold least often. */
    static int rarest(byte[] text) {
        int best = 0;
        int bestRank = -1;
        for (int i = 0; i < text.length; i++) {
            int index = COMMON.indexOf(text[i]);
            int rank = index < 0 ? COMMON.length() : index;
            if (rank > bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        return best;
    }
}
