package io.emberwatch.exporter.tail.pattern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of RE2's syntax that log patterns are made of: literals, classes, groups, choices, repetitions, {@code ^}
 * and {@code $}. Flags, word boundaries, Unicode classes and sets of characters beyond ASCII are left to RE2/J.
 *
 * <p>Repetitions of what may be nothing are left too: what their groups are is a matter of convention. Only expressions that RE2/J has accepted may be read.
 */
final class RegexReader {
    private static final int ASCII = 128;
    private static final String UNESCAPED_ELSEWHERE = "abfnrtv";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b";

    private final String text;
    private int at;
    private int groups;

    private RegexReader(String text) {
        this.text = text;
    }

    /** The expression, or null when it holds something that is not understood. */
    static @Nullable Node read(String text) {
        RegexReader reader = new RegexReader(text);
        try {
            Node node = reader.choice();
            return reader.at == text.length() ? node : null;
        } catch (NotUnderstood e) {
            return null;
        }
    }

    private Node choice() throws NotUnderstood {
        List<Node> options = new ArrayList<>();
        options.add(sequence());
        while (peek() == '|') {
            at++;
            options.add(sequence());
        }
        return options.size() == 1 ? options.get(0) : new Node.Choice(options);
    }

    private Node sequence() throws NotUnderstood {
        List<Node> parts = new ArrayList<>();
        while (at < text.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Sequence(parts);
    }

    private Node repeated(Node atom) throws NotUnderstood {
        Node node = atom;
        int least;
        int most;
        switch (peek()) {
            case '*' -> {
                least = 0;
                most = -1;
                at++;
            }
            case '+' -> {
                least = 1;
                most = -1;
                at++;
            }
            case '?' -> {
                least = 0;
                most = 1;
                at++;
            }
            case '{' -> {
                int end = text.indexOf('}', at);
                String inner = end < 0 ? "" : text.substring(at + 1, end);
                if (!inner.matches("\\d{1,4}(,\\d{0,4})?")) {
                    throw new NotUnderstood();
                }
                int comma = inner.indexOf(',');
                least = Integer.parseInt(comma < 0 ? inner : inner.substring(0, comma));
                most = comma < 0
                        ? least
                        : comma == inner.length() - 1 ? -1 : Integer.parseInt(inner.substring(comma + 1));
                at = end + 1;
            }
            default -> {
                return node;
            }
        }
        boolean greedy = peek() != '?';
        if (!greedy) {
            at++;
        }
        if ("*+?{".indexOf(peek()) >= 0 || node.canBeEmpty()) {
            throw new NotUnderstood();
        }
        return new Node.Repeat(node, least, most, greedy);
    }

    private Node atom() throws NotUnderstood {
        char c = text.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> bracket();
            case '.' -> negated(set("\n"));
            case '^' -> new Node.Begin();
            case '$' -> new Node.End();
            case '\\' -> escape();
            case '*', '+', '?', '{' -> throw new NotUnderstood();
            default -> literal(c);
        };
    }

    private Node literal(char c) throws NotUnderstood {
        if (c < ASCII) {
            return new Node.Literal(c);
        }
        if (Character.isSurrogate(c)) {
            throw new NotUnderstood();
        }
        List<Node> bytes = new ArrayList<>();
        for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
            bytes.add(new Node.Literal(b & 0xff));
        }
        return new Node.Sequence(bytes);
    }

    private Node group() throws NotUnderstood {
        int number = 0;
        if (peek() == '?') {
            if (text.startsWith("?:", at)) {
                at += 2;
            } else if (text.startsWith("?P<", at) || text.startsWith("?<", at)) {
                at = text.indexOf('>', at) + 1;
                number = ++groups;
            } else {
                throw new NotUnderstood();
            }
        } else {
            number = ++groups;
        }
        Node inner = choice();
        at++; // RE2/J has seen the parenthesis
        return number == 0 ? inner : new Node.Capture(inner, number);
    }

    private Node escape() throws NotUnderstood {
        char c = text.charAt(at++);
        Node.CharSet named = named(c);
        if (named != null) {
            return named;
        }
        return switch (c) {
            case 'A' -> new Node.Begin();
            case 'z' -> new Node.End();
            default -> new Node.Literal(escaped(c));
        };
    }

    private int escaped(char c) throws NotUnderstood {
        int index = UNESCAPED_ELSEWHERE.indexOf(c);
        if (index >= 0 && c != 'b') {
            return ESCAPED.charAt(index);
        }
        boolean word = c == '_' || Character.isLetterOrDigit(c);
        if (word || c >= ASCII) {
            throw new NotUnderstood();
        }
        return c;
    }

    private static Node.@Nullable CharSet named(char c) {
        return switch (c) {
            case 'd' -> new Node.CharSet(range('0', '9'), false);
            case 'D' -> negated(range('0', '9'));
            case 's' -> new Node.CharSet(set("\t\n\f\r "), false);
            case 'S' -> negated(set("\t\n\f\r "));
            case 'w' -> new Node.CharSet(word(), false);
            case 'W' -> negated(word());
            default -> null;
        };
    }

    private Node bracket() throws NotUnderstood {
        boolean not = peek() == '^';
        if (not) {
            at++;
        }
        BitSet ascii = new BitSet(ASCII);
        boolean others = false;
        boolean first = true;
        while (first || peek() != ']') {
            first = false;
            char c = text.charAt(at++);
            if (c == '[' && peek() == ':') {
                throw new NotUnderstood();
            }
            int low;
            if (c == '\\') {
                char name = text.charAt(at++);
                Node.CharSet named = named(name);
                if (named != null) {
                    ascii.or(named.ascii());
                    others |= named.others();
                    continue;
                }
                low = escaped(name);
            } else {
                low = c;
            }
            int high = low;
            if (peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']') {
                at++;
                char end = text.charAt(at++);
                high = end == '\\' ? escaped(text.charAt(at++)) : end;
            }
            if (low >= ASCII || high >= ASCII) {
                throw new NotUnderstood();
            }
            ascii.set(low, high + 1);
        }
        at++;
        if (not) {
            ascii.flip(0, ASCII);
            others = !others;
        }
        return new Node.CharSet(ascii, others);
    }

    private static Node.CharSet negated(BitSet ascii) {
        ascii.flip(0, ASCII);
        return new Node.CharSet(ascii, true);
    }

    private static BitSet set(String characters) {
        BitSet set = new BitSet(ASCII);
        characters.chars().forEach(set::set);
        return set;
    }

    private static BitSet range(char from, char to) {
        BitSet set = new BitSet(ASCII);
        set.set(from, to + 1);
        return set;
    }

    private static BitSet word() {
        BitSet set = range('0', '9');
        set.or(range('a', 'z'));
        set.or(range('A', 'Z'));
        set.set('_');
        return set;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1;
    }
}
