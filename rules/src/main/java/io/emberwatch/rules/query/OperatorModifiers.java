package io.emberwatch.rules.query;

import io.emberwatch.rules.query.Tokens.Abort;
import java.util.List;

/** Parses what may stand between a binary operator and its right operand. */
final class OperatorModifiers {
    /** What stood there; the matching one-to-one on all labels if nothing did. */
    record Modifiers(boolean bool, VectorMatching matching) {}

    private final Tokens tokens;
    private final LabelParser labels;

    OperatorModifiers(Tokens tokens, LabelParser labels) {
        this.tokens = tokens;
        this.labels = labels;
    }

    Modifiers read() throws Abort {
        boolean bool = tokens.is(Kind.BOOL);
        if (bool) {
            tokens.shift();
        }
        boolean on = tokens.is(Kind.ON);
        List<String> matched = List.of();
        List<String> include = List.of();
        VectorMatching.Cardinality cardinality = VectorMatching.Cardinality.ONE_TO_ONE;
        if (on || tokens.is(Kind.IGNORING)) {
            tokens.shift();
            matched = labels.groupingLabels();
            boolean left = tokens.is(Kind.GROUP_LEFT);
            if (left || tokens.is(Kind.GROUP_RIGHT)) {
                cardinality = left ? VectorMatching.Cardinality.MANY_TO_ONE : VectorMatching.Cardinality.ONE_TO_MANY;
                tokens.shift();
                include = tokens.is(Kind.LEFT_PAREN) ? labels.groupingLabels() : List.of();
            }
        }
        VectorMatching matching = new VectorMatching(cardinality, matched, on, include, null, null);
        return new Modifiers(bool, fill(matching));
    }

    private VectorMatching fill(VectorMatching matching) throws Abort {
        VectorMatching filled = matching;
        if (tokens.is(Kind.FILL)) {
            tokens.shift();
            double value = fillValue();
            return filled.filling(value, value);
        }
        while ((tokens.is(Kind.FILL_LEFT) && filled.fillLeft() == null)
                || (tokens.is(Kind.FILL_RIGHT) && filled.fillRight() == null)) {
            boolean left = tokens.shift().kind() == Kind.FILL_LEFT;
            double value = fillValue();
            filled = left ? filled.filling(value, filled.fillRight()) : filled.filling(filled.fillLeft(), value);
        }
        return filled;
    }

    private double fillValue() throws Abort {
        tokens.expect(Kind.LEFT_PAREN);
        boolean negative = tokens.is(Kind.SUB);
        if (negative || tokens.is(Kind.ADD)) {
            tokens.shift();
        }
        double value = tokens.literal().value();
        tokens.expect(Kind.RIGHT_PAREN);
        return negative ? -value : value;
    }
}
