package io.emberwatch.testkit.mattermost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON (RFC 8259) into maps, lists, strings, doubles, booleans and null; refuses everything else. */
final class JsonText {
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when the text is not JSON; the message says where */
    static @Nullable Object parse(String text) {
        JsonText json = new JsonText(text);
        Object value = json.value();
        json.space();
        if (json.at < text.length()) {
            throw json.fault("end of text");
        }
        return value;
    }

    private @Nullable Object value() {
        space();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        enter();
        space();
        if (peek() != '}') {
            do {
                space();
                String name = string();
                space();
                expect(':');
                members.put(name, value());
                space();
            } while (take(','));
        }
        expect('}');
        depth--;
        return members;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> items = new ArrayList<>();
        enter();
        space();
        if (peek() != ']') {
            do {
                items.add(value());
                space();
            } while (take(','));
        }
        expect(']');
        depth--;
        return items;
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw fault("no more than " + MAX_DEPTH + " levels");
        }
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw fault("no control character");
            }
            value.append(c == '\\' ? escape() : c);
        }
        at++;
        return value.toString();
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw fault("four hexadecimal digits");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw fault("an escape");
        };
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw fault("a value");
        }
        return Double.valueOf(digits);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw fault(word);
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw fault("more text");
        }
        return text.charAt(at);
    }

    private boolean take(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char wanted) {
        if (!take(wanted)) {
            throw fault("'" + wanted + "'");
        }
    }

    private IllegalArgumentException fault(String expected) {
        return new IllegalArgumentException("at character " + at + ": expected " + expected);
    }
}
