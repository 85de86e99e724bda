package io.emberwatch.exporter.tail.pattern;

import java.util.BitSet;
import java.util.List;

/** A part of a regular expression that the byte matcher understands. */
sealed interface Node {
    /** Whether it can match without a byte. */
    default boolean canBeEmpty() {
        return true;
    }

    /** Nothing, which always matches. */
    record Empty() implements Node {}

    /** One byte that must stand there. */
    record Literal(int value) implements Node {
        @Override
        public boolean canBeEmpty() {
            return false;
        }
    }

    /**
     * One character of a set.
     *
     * @param ascii which characters below 128
     * @param others whether every character from 128 on too
     */
    record CharSet(BitSet ascii, boolean others) implements Node {
        @Override
        public boolean canBeEmpty() {
            return false;
        }
    }

    /** One after the other. */
    record Sequence(List<Node> parts) implements Node {
        @Override
        public boolean canBeEmpty() {
            return parts.stream().allMatch(Node::canBeEmpty);
        }
    }

    /** The first that leads to a match. */
    record Choice(List<Node> options) implements Node {
        @Override
        public boolean canBeEmpty() {
            return options.stream().anyMatch(Node::canBeEmpty);
        }
    }

    /**
     * Several times.
     *
     * @param most or -1 for any number
     */
    record Repeat(Node part, int least, int most, boolean greedy) implements Node {
        @Override
        public boolean canBeEmpty() {
            return least == 0 || part.canBeEmpty();
        }
    }

    /** A group whose place is reported, numbered from 1. */
    record Capture(Node part, int group) implements Node {
        @Override
        public boolean canBeEmpty() {
            return part.canBeEmpty();
        }
    }

    /** The begin of the line. */
    record Begin() implements Node {}

    /** The end of the line. */
    record End() implements Node {}
}
