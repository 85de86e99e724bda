package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Tokens.Abort;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Parses label matchers, label sets and lists of label names. */
final class LabelParser {
    private final Tokens tokens;

    LabelParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The conditions in braces. */
    Span matchers(List<Matcher> matchers) throws Abort {
        Token open = tokens.shift();
        if (tokens.is(Kind.RIGHT_BRACE)) {
            return open.span().to(tokens.shift().span());
        }
        Set<Kind> separators = EnumSet.of(Kind.COMMA, Kind.RIGHT_BRACE);
        while (true) {
            matcher(matchers);
            if (tokens.isRecovering()) {
                tokens.skipUntil(separators);
            } else if (!separators.contains(tokens.kind())) {
                tokens.report("label matching", "\",\" or \"}\"");
                tokens.skipUntil(separators);
            }
            Token separator = tokens.shift();
            if (separator.kind() == Kind.RIGHT_BRACE) {
                return open.span().to(separator.span());
            }
            if (tokens.is(Kind.RIGHT_BRACE)) {
                return open.span().to(tokens.shift().span());
            }
        }
    }

    private void matcher(List<Matcher> matchers) throws Abort {
        if (!tokens.is(Kind.IDENTIFIER) && !tokens.is(Kind.STRING)) {
            tokens.report("label matching", "identifier or \"}\"");
            return;
        }
        Token name = tokens.shift();
        boolean quoted = name.kind() == Kind.STRING;
        String label = quoted ? Literals.unquote(name.text()) : name.text();
        if (!tokens.kind().isMatchOperator()) {
            if (quoted) {
                matchers.add(Matcher.equal(Labels.METRIC_NAME, label));
            } else {
                tokens.report("label matching", "label matching operator");
            }
            return;
        }
        Kind operator = tokens.shift().kind();
        if (!tokens.is(Kind.STRING)) {
            tokens.report("label matching", "string");
            return;
        }
        Token value = tokens.shift();
        try {
            matchers.add(Matcher.of(type(operator), label, Literals.unquote(value.text())));
        } catch (IllegalArgumentException e) {
            tokens.fault(name.span().to(value.span()), String.valueOf(e.getMessage()));
        }
    }

    private static Matcher.Type type(Kind operator) {
        return switch (operator) {
            case EQL -> Matcher.Type.EQ;
            case NEQ -> Matcher.Type.NEQ;
            case EQL_REGEX -> Matcher.Type.RE;
            default -> Matcher.Type.NRE;
        };
    }

    /** A metric with labels, all of them equalities. */
    void metric(Labels.Builder labels) throws Abort {
        String name = "";
        if (tokens.kind().isMetricIdentifier()) {
            name = tokens.shift().text();
        }
        if (tokens.is(Kind.LEFT_BRACE)) {
            tokens.shift();
            Set<Kind> separators = EnumSet.of(Kind.COMMA, Kind.RIGHT_BRACE);
            boolean more = !tokens.is(Kind.RIGHT_BRACE);
            if (!more) {
                tokens.shift();
            }
            while (more) {
                label(labels);
                if (tokens.isRecovering()) {
                    tokens.skipUntil(separators);
                } else if (!separators.contains(tokens.kind())) {
                    tokens.report("label set", "\",\" or \"}\"");
                    tokens.skipUntil(separators);
                }
                more = tokens.shift().kind() == Kind.COMMA;
                if (more && tokens.is(Kind.RIGHT_BRACE)) {
                    tokens.shift();
                    more = false;
                }
            }
        }
        if (!name.isEmpty()) {
            labels.set(Labels.METRIC_NAME, name);
        }
    }

    private void label(Labels.Builder labels) throws Abort {
        if (!tokens.is(Kind.IDENTIFIER) && !tokens.is(Kind.STRING)) {
            tokens.report("label set", "identifier or \"}\"");
            return;
        }
        Token name = tokens.shift();
        boolean quoted = name.kind() == Kind.STRING;
        String label = quoted ? Literals.unquote(name.text()) : name.text();
        if (!tokens.is(Kind.EQL)) {
            if (quoted) {
                labels.set(Labels.METRIC_NAME, label);
            } else {
                tokens.report("label set", "\"=\"");
            }
            return;
        }
        tokens.shift();
        if (!tokens.is(Kind.STRING)) {
            tokens.report("label set", "string");
            return;
        }
        String value = Literals.unquote(tokens.shift().text());
        if (label.isEmpty()) {
            tokens.fault(name.span(), "empty label name");
        } else {
            labels.set(label, value);
        }
    }

    /** The labels in parentheses behind {@code by}, {@code on}, {@code group_left}. */
    List<String> groupingLabels() throws Abort {
        List<String> labels = new ArrayList<>();
        if (!tokens.is(Kind.LEFT_PAREN)) {
            tokens.report("grouping opts", "\"(\"");
            tokens.skipUntil(EnumSet.of(Kind.LEFT_PAREN, Kind.RIGHT_PAREN, Kind.COMMA));
            return labels;
        }
        tokens.shift();
        if (tokens.is(Kind.RIGHT_PAREN)) {
            tokens.shift();
            return labels;
        }
        Set<Kind> separators = EnumSet.of(Kind.COMMA, Kind.RIGHT_PAREN);
        while (true) {
            groupingLabel(labels);
            if (tokens.isRecovering()) {
                tokens.skipUntil(separators);
            } else if (!separators.contains(tokens.kind())) {
                tokens.report("grouping opts", "\",\" or \")\"");
                tokens.skipUntil(separators);
            }
            boolean more = tokens.shift().kind() == Kind.COMMA;
            if (!more) {
                return labels;
            }
            if (tokens.is(Kind.RIGHT_PAREN)) {
                tokens.shift();
                return labels;
            }
        }
    }

    private void groupingLabel(List<String> labels) throws Abort {
        if (!tokens.kind().isLabel() && !tokens.is(Kind.STRING)) {
            tokens.report("grouping opts", "label");
            return;
        }
        Token label = tokens.shift();
        String name = label.kind() == Kind.STRING ? Literals.unquote(label.text()) : label.text();
        if (!Names.isLabel(name)) {
            tokens.fault(label.span(), "invalid label name for grouping: " + GoText.quote(name));
        }
        labels.add(name);
    }
}
