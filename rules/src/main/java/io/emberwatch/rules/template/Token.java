package io.emberwatch.rules.template;

/** A piece of a template's text. */
record Token(Kind kind, int pos, String text) {
    enum Kind {
        TEXT,
        LEFT,
        RIGHT,
        SPACE,
        ASSIGN,
        DECLARE,
        PIPE,
        COMMA,
        LEFT_PAREN,
        RIGHT_PAREN,
        IDENTIFIER,
        FIELD,
        VARIABLE,
        DOT,
        NIL,
        BOOL,
        CHAR,
        NUMBER,
        STRING,
        RAW_STRING,
        KEYWORD,
        OTHER,
        ERROR,
        EOF
    }

    boolean isKeyword(String word) {
        return kind == Kind.KEYWORD && text.equals(word);
    }

    /** As error messages show it. */
    @Override
    public String toString() {
        return switch (kind) {
            case EOF -> "EOF";
            case ERROR -> text;
            case KEYWORD, NIL, DOT -> "<" + text + ">";
            default ->
                text.codePointCount(0, text.length()) > 10
                        ? GoText.quote(text.substring(0, text.offsetByCodePoints(0, 10))) + "..."
                        : GoText.quote(text);
        };
    }
}
