package io.emberwatch.rules.query;

import io.emberwatch.rules.query.SyntaxException.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of an expression with one of lookahead, and what was found wrong with them.
 *
 * <p>The lookahead is read when somebody asks for it: what is wrong with an expression that is complete without a look at
 * the next token is reported before what is wrong with that token.
 *
 * <p>Prometheus parses with a table-driven parser whose grammar has productions for what may be wrong. Which message a user
 * sees, and whether further ones follow, depends on how that parser recovers: it goes back to the innermost place that has
 * such a production, reports there, and then skips tokens until one fits. Here {@link Abort} goes up to that place, {@link
 * #isRecovering} tells whoever reads on next to skip what does not fit.
 */
final class Tokens {
    /** How many tokens must fit after an error before another one is reported as new. */
    private static final int RECOVERY = 3;

    /** A token that does not fit and has not been reported yet. */
    static final class Abort extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether nothing is left to be reported or parsed. */
        private final boolean last;

        private Abort(boolean last) {
            super(null, null, false, false);
            this.last = last;
        }
    }

    private final Lexer lexer;
    private final List<Fault> faults = new ArrayList<>();
    private @Nullable Token lookahead;
    private int lastClosing;
    private int recovering;
    private int nesting;

    Tokens(String text) {
        this.lexer = new Lexer(Utf8.bytes(text));
        if (lexer.input.length > Parser.MAX_LENGTH) {
            fault(new Span(0, 0), "expression is longer than " + Parser.MAX_LENGTH + " bytes");
        }
    }

    /** The kind of the lookahead token. */
    Kind kind() {
        return token().kind();
    }

    Token token() {
        Token token = lookahead;
        if (token == null) {
            token = lexer.next();
            lookahead = token;
            if (token.kind() == Kind.ERROR) {
                fault(new Span(lexer.start, lexer.input.length), token.text());
            }
        }
        return token;
    }

    boolean is(Kind kind) {
        return kind() == kind;
    }

    boolean isSign() {
        return is(Kind.ADD) || is(Kind.SUB);
    }

    byte[] input() {
        return lexer.input;
    }

    List<Fault> faults() {
        return faults;
    }

    /** Whether an error was just reported and nothing has fitted since. */
    boolean isRecovering() {
        return recovering == RECOVERY;
    }

    /** Where the last token ended that may end an expression: a number, a duration, a closing bracket of any kind. */
    int lastClosing() {
        return lastClosing;
    }

    int nesting() {
        return nesting;
    }

    void leaveTo(int depth) {
        nesting = depth;
    }

    Token expect(Kind kind) throws Abort {
        if (!is(kind)) {
            throw misfit();
        }
        return shift();
    }

    Token shift() {
        Token shifted = token();
        switch (shifted.kind()) {
            case RIGHT_BRACE, RIGHT_PAREN, RIGHT_BRACKET, DURATION, NUMBER ->
                lastClosing = shifted.span().end();
            default -> {}
        }
        if (recovering > 0) {
            recovering--;
        }
        advance();
        return shifted;
    }

    void advance() {
        lookahead = null;
    }

    static Abort misfit() {
        return new Abort(false);
    }

    /** Reports the lookahead token as what does not fit; goes on after it if that is possible. */
    void report(String context, String expected) throws Abort {
        unexpected(context, expected);
        recovering = RECOVERY;
        if (kind() == Kind.ERROR) {
            throw new Abort(true);
        }
    }

    void report(Abort abort, String context, String expected) throws Abort {
        if (abort.last) {
            throw abort;
        }
        report(context, expected);
    }

    void unexpected(String context, String expected) {
        if (kind() == Kind.ERROR) {
            return;
        }
        StringBuilder message = new StringBuilder("unexpected ").append(token().describe());
        if (!context.isEmpty()) {
            message.append(" in ").append(context);
        }
        if (!expected.isEmpty()) {
            message.append(", expected ").append(expected);
        }
        fault(token().span(), message.toString());
    }

    void skipUntil(Set<Kind> kinds) throws Abort {
        while (!kinds.contains(kind())) {
            if (kind() == Kind.EOF || kind() == Kind.ERROR) {
                throw new Abort(true);
            }
            advance();
        }
    }

    /** Goes one level deeper, which {@link #leave} takes back. */
    void enter() throws Abort {
        limited(++nesting, Parser.MAX_NESTING);
    }

    void leave() {
        nesting--;
    }

    /** Reports what does not fit where nothing more precise is known, and reads on for errors of the lexer. */
    void reportAtTop(Abort abort) {
        if (abort.last) {
            return;
        }
        unexpected("", "");
        while (kind() != Kind.EOF && kind() != Kind.ERROR) {
            advance();
        }
    }

    static Abort end() {
        return new Abort(true);
    }

    /** The height of a tree, if that is allowed. */
    int bounded(int height) throws Abort {
        limited(height, Parser.MAX_DEPTH);
        return height;
    }

    private void limited(int depth, int limit) throws Abort {
        if (depth > limit) {
            fault(token().span(), "expression is nested deeper than " + limit + " levels");
            throw new Abort(true);
        }
    }

    void fault(Span span, String message) {
        faults.add(Fault.of(lexer.input, span, message));
    }

    /** A number or duration. */
    Expr.NumberLiteral literal() throws Abort {
        if (kind() != Kind.NUMBER && kind() != Kind.DURATION) {
            throw misfit();
        }
        Token literal = shift();
        boolean duration = literal.kind() == Kind.DURATION;
        double value = 0;
        try {
            value = duration ? Literals.durationMillis(literal.text()) / 1e3 : Literals.number(literal.text());
        } catch (IllegalArgumentException e) {
            fault(
                    literal.span(),
                    duration ? String.valueOf(e.getMessage()) : "error parsing number: " + e.getMessage());
        }
        return new Expr.NumberLiteral(value, duration, literal.span());
    }
}
