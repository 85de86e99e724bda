package io.emberwatch.rules.query;

import io.emberwatch.rules.query.Tokens.Abort;

/** Parses the lengths in brackets and after {@code offset}. */
final class DurationParser {
    /** The longest duration in seconds: that of Go's 63 bits of nanoseconds. */
    private static final double MAX_SECONDS = 0x1p63 / 1e9;

    private final Tokens tokens;

    DurationParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** A length in brackets; one that is known by its text must be greater than 0. */
    DurationExpr inBrackets() throws Abort {
        DurationExpr duration = arithmetic(1);
        if (duration instanceof DurationExpr.Literal literal && literal.seconds() <= 0) {
            tokens.fault(duration.span(), "duration must be greater than 0");
        }
        return duration;
    }

    /** What may follow {@code offset}: it ends at a literal, so that arithmetic behind it is the expression's. */
    DurationExpr afterOffset() throws Abort {
        if (tokens.is(Kind.LEFT_PAREN)) {
            return arithmetic(1);
        }
        if (!tokens.isSign()) {
            return durationPrimary();
        }
        Token sign = tokens.shift();
        return signed(sign, durationPrimary());
    }

    private DurationExpr arithmetic(int precedence) throws Abort {
        DurationExpr left = signedDuration();
        int depth = 1;
        while (true) {
            BinaryOperator operator = tokens.kind().operator();
            if (operator == null || !isArithmetic(operator) || operator.precedence() < precedence) {
                return left;
            }
            Token sign = tokens.shift();
            tokens.bounded(++depth + tokens.nesting());
            tokens.enter();
            DurationExpr right =
                    arithmetic(operator == BinaryOperator.POW ? operator.precedence() : operator.precedence() + 1);
            tokens.leave();
            left = arithmetic(operator, left, right, sign);
        }
    }

    private DurationExpr arithmetic(BinaryOperator operator, DurationExpr left, DurationExpr right, Token sign) {
        boolean divides = operator == BinaryOperator.DIV || operator == BinaryOperator.MOD;
        if (divides && right instanceof DurationExpr.Literal literal && literal.seconds() == 0) {
            tokens.fault(sign.span(), operator == BinaryOperator.DIV ? "division by zero" : "modulo by zero");
        }
        return new DurationExpr.Arithmetic(operator, left, right);
    }

    private static boolean isArithmetic(BinaryOperator operator) {
        return switch (operator) {
            case ADD, SUB, MUL, DIV, MOD, POW -> true;
            default -> false;
        };
    }

    private DurationExpr signedDuration() throws Abort {
        if (!tokens.isSign()) {
            return durationPrimary();
        }
        Token sign = tokens.shift();
        tokens.enter();
        DurationExpr operand = arithmetic(BinaryOperator.MUL.precedence() + 1);
        tokens.leave();
        return signed(sign, operand);
    }

    private DurationExpr signed(Token sign, DurationExpr operand) {
        boolean negative = sign.kind() == Kind.SUB;
        Span span = sign.span().to(operand.span());
        if (operand instanceof DurationExpr.Literal literal) {
            return new DurationExpr.Literal(
                    negative ? -literal.seconds() : literal.seconds(), literal.duration(), span);
        }
        return negative ? new DurationExpr.Negation(operand, span) : operand;
    }

    private DurationExpr durationPrimary() throws Abort {
        return switch (tokens.kind()) {
            case NUMBER, DURATION -> literal();
            case STEP, RANGE -> word();
            case MAX_OF, MIN_OF -> extreme();
            case LEFT_PAREN -> parens();
            default -> throw Tokens.misfit();
        };
    }

    private DurationExpr literal() throws Abort {
        Expr.NumberLiteral literal = tokens.literal();
        double seconds = literal.value();
        if (seconds > MAX_SECONDS) {
            tokens.fault(literal.span(), "duration out of range");
            seconds = 1;
        }
        return new DurationExpr.Literal(seconds, literal.duration(), literal.span());
    }

    private DurationExpr word() throws Abort {
        Token word = tokens.shift();
        tokens.expect(Kind.LEFT_PAREN);
        Span span = word.span().to(tokens.expect(Kind.RIGHT_PAREN).span());
        return word.kind() == Kind.STEP ? new DurationExpr.Step(span) : new DurationExpr.Range(span);
    }

    private DurationExpr parens() throws Abort {
        Token open = tokens.shift();
        tokens.enter();
        DurationExpr inner = arithmetic(1);
        tokens.leave();
        Token close = tokens.expect(Kind.RIGHT_PAREN);
        return inner instanceof DurationExpr.Literal
                ? inner
                : new DurationExpr.Parens(inner, open.span().to(close.span()));
    }

    private DurationExpr extreme() throws Abort {
        Token word = tokens.shift();
        tokens.enter();
        tokens.expect(Kind.LEFT_PAREN);
        DurationExpr left = arithmetic(1);
        tokens.expect(Kind.COMMA);
        DurationExpr right = arithmetic(1);
        Token close = tokens.expect(Kind.RIGHT_PAREN);
        tokens.leave();
        return new DurationExpr.Extreme(
                word.kind() == Kind.MAX_OF, left, right, word.span().to(close.span()));
    }
}
