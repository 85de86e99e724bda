package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Expr.VectorSelector;
import io.emberwatch.rules.query.Expr.VectorSelector.Extension;
import io.emberwatch.rules.query.OperatorModifiers.Modifiers;
import io.emberwatch.rules.query.Tokens.Abort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recursive-descent parser of PromQL, binary operators by precedence climbing. */
final class Parser {
    /** How many parentheses, calls and signs may stand around an expression. */
    static final int MAX_NESTING = 200;

    /** How high the tree of an expression may be, to which chained operators add one each. */
    static final int MAX_DEPTH = 500;

    /** How long an expression may be, in bytes. */
    static final int MAX_LENGTH = 1 << 20;

    private final Tokens tokens;
    private final LabelParser labels;
    private final OperatorModifiers operatorModifiers;
    private final Suffixes suffixes;
    private final boolean experimental;
    private final IdentityHashMap<Expr.Binary, VectorMatching> written = new IdentityHashMap<>();
    private final Deque<Set<Kind>> closers = new ArrayDeque<>();
    private int height;

    /** @param experimental whether what Prometheus guards by feature flags is accepted */
    Parser(String text, boolean experimental) {
        this.tokens = new Tokens(text);
        this.labels = new LabelParser(tokens);
        this.operatorModifiers = new OperatorModifiers(tokens, labels);
        this.suffixes = new Suffixes(tokens, experimental);
        this.experimental = experimental;
    }

    Expr expression() throws SyntaxException {
        Expr expr = null;
        if (tokens.faults().isEmpty() && tokens.is(Kind.EOF)) {
            tokens.fault(new Span(0, 0), "no expression found in input");
        } else if (tokens.faults().isEmpty()) {
            expr = top();
        }
        if (expr != null && tokens.faults().isEmpty()) {
            new Checker(tokens.input(), written, tokens.faults()).check(expr);
        }
        if (expr == null || !tokens.faults().isEmpty()) {
            throw new SyntaxException(tokens.faults());
        }
        return expr;
    }

    private @Nullable Expr top() {
        try {
            closers.push(EnumSet.noneOf(Kind.class));
            Expr expr = expr();
            if (!tokens.is(Kind.EOF)) {
                throw Tokens.misfit();
            }
            return expr;
        } catch (Abort abort) {
            tokens.reportAtTop(abort);
            return null;
        }
    }

    List<Matcher> selector() throws SyntaxException {
        try {
            if (tokens.faults().isEmpty()) {
                VectorSelector selector = vectorSelector();
                if (!tokens.is(Kind.EOF)) {
                    throw Tokens.misfit();
                }
                if (tokens.faults().isEmpty()) {
                    return selector.matchers();
                }
            }
        } catch (Abort abort) {
            tokens.reportAtTop(abort);
        }
        throw new SyntaxException(tokens.faults());
    }

    /** The text as a metric with labels, all of them equalities. */
    Labels metric() throws SyntaxException {
        Labels.Builder metric = Labels.builder();
        try {
            if (tokens.faults().isEmpty()) {
                labels.metric(metric);
                if (!tokens.is(Kind.EOF)) {
                    throw Tokens.misfit();
                }
                if (tokens.faults().isEmpty()) {
                    return metric.build();
                }
            }
        } catch (Abort abort) {
            tokens.reportAtTop(abort);
        }
        throw new SyntaxException(tokens.faults());
    }

    private Expr expr() throws Abort {
        return binary(1);
    }

    private Expr binary(int precedence) throws Abort {
        Expr left = unary();
        int depth = height;
        while (true) {
            BinaryOperator operator = tokens.kind().operator();
            if (operator == null || operator.precedence() < precedence) {
                height = depth;
                return left;
            }
            tokens.shift();
            Modifiers modifiers = operatorModifiers.read();
            tokens.enter();
            Expr right = binary(operator == BinaryOperator.POW ? operator.precedence() : operator.precedence() + 1);
            tokens.leave();
            depth = tokens.bounded(Math.max(depth, height) + 1);
            left = newBinary(operator, left, right, modifiers);
        }
    }

    private Expr newBinary(BinaryOperator operator, Expr left, Expr right, Modifiers modifiers) {
        VectorMatching matching = modifiers.matching();
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        if (operator.isSet() && matching.cardinality() == VectorMatching.Cardinality.ONE_TO_ONE) {
            matching = matching.with(VectorMatching.Cardinality.MANY_TO_MANY);
        }
        Expr.Binary binary = new Expr.Binary(operator, left, right, vectors ? matching : null, modifiers.bool());
        written.put(binary, matching);
        if (matching.fills() && !experimental) {
            tokens.fault(binary.span(), "binop fill modifiers are experimental and not enabled");
        }
        return binary;
    }

    private Expr unary() throws Abort {
        boolean negative = tokens.is(Kind.SUB);
        if (!negative && !tokens.is(Kind.ADD)) {
            return postfix(primary());
        }
        int start = tokens.token().start();
        tokens.shift();
        tokens.enter();
        Expr operand = binary(BinaryOperator.MUL.precedence() + 1);
        tokens.leave();
        height = tokens.bounded(height + 1);
        Span span = new Span(start, operand.span().end());
        if (operand instanceof Expr.NumberLiteral number) {
            return new Expr.NumberLiteral(negative ? -number.value() : number.value(), number.duration(), span);
        }
        return new Expr.Unary(negative, operand, span);
    }

    private Expr postfix(Expr primary) throws Abort {
        Expr expr = primary;
        while (true) {
            skipMisfits();
            if (!Suffixes.starts(tokens.kind())) {
                return expr;
            }
            expr = suffixes.read(expr);
            height = tokens.bounded(height + 1);
        }
    }

    /** After an error that was reported: leaves out tokens until one fits behind an expression. */
    private void skipMisfits() throws Abort {
        if (!tokens.isRecovering()) {
            return;
        }
        boolean skipped = false;
        Set<Kind> closing = closers.getFirst();
        while (!tokens.is(Kind.EOF)) {
            boolean atTop = closing.isEmpty();
            boolean continues = tokens.kind().operator() != null || Suffixes.starts(tokens.kind());
            if (closing.contains(tokens.kind()) || (continues && !(atTop && skipped))) {
                return;
            }
            if (tokens.is(Kind.ERROR)) {
                throw Tokens.end();
            }
            tokens.advance();
            skipped = true;
        }
        if (!closing.isEmpty()) {
            throw Tokens.end();
        }
    }

    private Expr primary() throws Abort {
        height = 1;
        return switch (tokens.kind()) {
            case NUMBER, DURATION -> tokens.literal();
            case STRING -> string();
            case LEFT_PAREN -> parens();
            case LEFT_BRACE -> vectorSelector();
            default -> named();
        };
    }

    private Expr string() {
        Token string = tokens.shift();
        return new Expr.StringLiteral(Literals.unquote(string.text()), string.span());
    }

    private Expr named() throws Abort {
        if (!tokens.kind().isMetricIdentifier()) {
            throw Tokens.misfit();
        }
        Token name = tokens.shift();
        boolean callable = name.kind() == Kind.IDENTIFIER || name.kind().group() == Kind.Group.PREPROCESSOR;
        if (callable && tokens.is(Kind.LEFT_PAREN)) {
            return call(name);
        }
        if (name.kind().isAggregator() && startsAggregation(tokens.kind())) {
            return aggregation(name);
        }
        return vectorSelector(name);
    }

    private static boolean startsAggregation(Kind kind) {
        return kind == Kind.LEFT_PAREN || kind == Kind.BY || kind == Kind.WITHOUT;
    }

    private Expr parens() throws Abort {
        Token open = tokens.shift();
        tokens.enter();
        closers.push(EnumSet.of(Kind.RIGHT_PAREN));
        Expr inner = expr();
        Token close = tokens.expect(Kind.RIGHT_PAREN);
        closers.pop();
        tokens.leave();
        height = tokens.bounded(height + 1);
        return new Expr.Parens(inner, open.span().to(close.span()));
    }

    private Expr call(Token name) throws Abort {
        List<Expr> args = arguments();
        Function function = Functions.find(name.text());
        if (function == null) {
            tokens.fault(name.span(), "unknown function with name " + GoText.quote(name.text()));
            function = new Function(name.text(), List.of(), -1, ValueType.VECTOR, false);
        } else if (function.experimental() && !experimental) {
            tokens.fault(name.span(), "function " + GoText.quote(name.text()) + " is not enabled");
        }
        return new Expr.Call(function, args, new Span(name.start(), tokens.lastClosing()));
    }

    private List<Expr> arguments() throws Abort {
        tokens.expect(Kind.LEFT_PAREN);
        List<Expr> args = new ArrayList<>();
        tokens.enter();
        closers.push(EnumSet.of(Kind.COMMA, Kind.RIGHT_PAREN));
        int depth = 0;
        if (!tokens.is(Kind.RIGHT_PAREN)) {
            args.add(expr());
            depth = height;
            while (tokens.is(Kind.COMMA)) {
                Token comma = tokens.shift();
                if (startsExpression(tokens.kind())) {
                    args.add(expr());
                    depth = Math.max(depth, height);
                } else {
                    tokens.fault(comma.span(), "trailing commas not allowed in function call args");
                }
            }
        }
        tokens.expect(Kind.RIGHT_PAREN);
        closers.pop();
        tokens.leave();
        height = tokens.bounded(depth + 1);
        return args;
    }

    private static boolean startsExpression(Kind kind) {
        return switch (kind) {
            case NUMBER, DURATION, STRING, LEFT_PAREN, LEFT_BRACE, ADD, SUB -> true;
            default -> kind.isMetricIdentifier();
        };
    }

    private Expr aggregation(Token name) throws Abort {
        int open = closers.size();
        int depth = tokens.nesting();
        try {
            List<String> grouping = List.of();
            boolean without = false;
            boolean modified = startsModifier(tokens.kind());
            if (modified) {
                without = tokens.shift().kind() == Kind.WITHOUT;
                grouping = labels.groupingLabels();
            }
            List<Expr> args = arguments();
            if (!modified && startsModifier(tokens.kind())) {
                without = tokens.shift().kind() == Kind.WITHOUT;
                int kept = height;
                grouping = labels.groupingLabels();
                height = kept;
            }
            return newAggregation(name, args, grouping, without);
        } catch (Abort abort) {
            while (closers.size() > open) {
                closers.pop();
            }
            tokens.leaveTo(depth);
            tokens.report(abort, "aggregation", "");
            return suffixes.placeholder(name.span());
        }
    }

    private static boolean startsModifier(Kind kind) {
        return kind == Kind.BY || kind == Kind.WITHOUT;
    }

    private Expr newAggregation(Token name, List<Expr> args, List<String> grouping, boolean without) {
        Span span = new Span(name.start(), tokens.lastClosing());
        Aggregator aggregator = name.kind().aggregator();
        if (args.isEmpty()) {
            tokens.fault(span, "no arguments for aggregate expression provided");
            return suffixes.placeholder(span);
        }
        if (aggregator.isExperimental() && !experimental) {
            tokens.fault(
                    span,
                    aggregator.text()
                            + "() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
            return suffixes.placeholder(span);
        }
        int wanted = aggregator.takesParameter() ? 2 : 1;
        if (args.size() != wanted) {
            tokens.fault(
                    span,
                    "wrong number of arguments for aggregate expression provided, expected " + wanted + ", got "
                            + args.size());
            return suffixes.placeholder(span);
        }
        Expr param = wanted == 2 ? args.get(0) : null;
        return new Expr.Aggregation(aggregator, args.get(wanted - 1), param, grouping, without, span);
    }

    private VectorSelector vectorSelector() throws Abort {
        if (tokens.is(Kind.LEFT_BRACE)) {
            List<Matcher> matchers = new ArrayList<>();
            Span span = labels.matchers(matchers);
            return new VectorSelector("", matchers, Timing.NONE, Extension.NONE, span);
        }
        if (!tokens.kind().isMetricIdentifier()) {
            throw Tokens.misfit();
        }
        return vectorSelector(tokens.shift());
    }

    private VectorSelector vectorSelector(Token name) throws Abort {
        List<Matcher> matchers = new ArrayList<>();
        Span span = name.span();
        if (tokens.is(Kind.LEFT_BRACE)) {
            span = span.to(labels.matchers(matchers));
        }
        matchers.add(Matcher.equal(Labels.METRIC_NAME, name.text()));
        return new VectorSelector(name.text(), matchers, Timing.NONE, Extension.NONE, span);
    }
}
