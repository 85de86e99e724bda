package io.emberwatch.rules.template;

import io.emberwatch.rules.template.Token.Kind;
import java.util.List;

/** Walks through the tokens of a template, and words faults with the line that it has come to. */
final class TokenCursor {
    private final String name;
    private final String text;
    private final List<Token> tokens;
    private int next;

    TokenCursor(String name, String text) {
        this.name = name;
        this.text = text;
        this.tokens = Lexer.lex(text);
    }

    int mark() {
        return next;
    }

    void reset(int mark) {
        next = mark;
    }

    Token peek() throws TemplateException {
        Token token = tokens.get(Math.min(next, tokens.size() - 1));
        if (token.kind() == Kind.ERROR) {
            throw fault(token.text());
        }
        return token;
    }

    Token take() throws TemplateException {
        Token token = peek();
        next++;
        return token;
    }

    void back() {
        next--;
    }

    /** The next token that is no space, left where it is. */
    Token peekSolid() throws TemplateException {
        while (peek().kind() == Kind.SPACE) {
            next++;
        }
        return peek();
    }

    Token takeSolid() throws TemplateException {
        peekSolid();
        return take();
    }

    void expect(Kind kind, String context) throws TemplateException {
        Token token = takeSolid();
        if (token.kind() != kind) {
            throw unexpected(token, context);
        }
    }

    /** Whether an action that begins here is a definition. */
    boolean isAtDefinition() {
        if (next >= tokens.size() || tokens.get(next).kind() != Kind.LEFT) {
            return false;
        }
        int i = next + 1;
        while (tokens.get(i).kind() == Kind.SPACE) {
            i++;
        }
        return tokens.get(i).isKeyword("define");
    }

    /** The value of a literal: Boolean, Long, Double or String. */
    Object literal(Token token) throws TemplateException {
        return switch (token.kind()) {
            case BOOL -> token.text().equals("true");
            case CHAR -> character(token);
            case NUMBER -> number(token);
            default -> unquote(token);
        };
    }

    private Object number(Token token) throws TemplateException {
        Object value = Numbers.parse(token.text());
        if (value == null) {
            throw fault(Numbers.fault(token.text()));
        }
        return value;
    }

    private Long character(Token token) throws TemplateException {
        String value = unquote(token);
        if (value.codePointCount(0, value.length()) != 1) {
            throw fault(
                    token.text().length() == 2 ? "invalid syntax" : "malformed character constant: " + token.text());
        }
        return (long) value.codePointAt(0);
    }

    String unquote(Token token) throws TemplateException {
        try {
            return GoText.unquote(token.text());
        } catch (IllegalArgumentException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    TemplateException unexpected(Token token, String context) {
        return fault("unexpected " + token + " in " + context);
    }

    TemplateException fault(String message) {
        int end = Math.min(next, tokens.size()) - 1;
        int pos = end < 0 ? 0 : Math.min(tokens.get(end).pos(), text.length());
        Token last = tokens.get(tokens.size() - 1);
        if (last.kind() == Kind.ERROR && next >= tokens.size() - 1) {
            pos = last.pos();
        }
        long line = 1 + text.substring(0, pos).chars().filter(c -> c == '\n').count();
        return new TemplateException("template: " + name + ":" + line + ": " + message);
    }
}
