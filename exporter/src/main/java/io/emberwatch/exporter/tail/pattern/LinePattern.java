package io.emberwatch.exporter.tail.pattern;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in RE2's syntax, found in the bytes of a line.
 *
 * <p>Four steps, each costlier than the one before: a text that every match must hold is looked for; where the expression
 * allows it one pass over the bytes finds the match and its groups ({@link OnePass}); else its ways are tried
 * ({@link Backtracker}); long lines and what those do not understand are left to RE2/J. All take time in proportion to the
 * line: what the pass looks at in vain, beginning anew at byte after byte, is bounded, and beyond that bound the next step
 * takes over. Lines are UTF-8; bytes that are not must be replaced before.
 *
 * <p>Not safe for several threads.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
public final class LinePattern {
    private static final int LOOKS_PER_BYTE = 8;
    private static final int LEAST_LOOKS = 1024;

    private final String text;
    private final Pattern fallback;
    private final Map<String, Integer> groups;
    private final byte[] literal;
    private final int literalRare;
    private final byte[] prefix;
    private final int prefixRare;
    private final @Nullable OnePass onePass;
    private final @Nullable Backtracker backtracker;
    private final int[] work;

    private LinePattern(String text, Pattern fallback, @Nullable Node node) {
        this.text = text;
        this.fallback = fallback;
        groups = new LinkedHashMap<>(fallback.namedGroups());
        Literals literals = Literals.of(node == null ? new Node.Empty() : node);
        literal = literals.longest();
        literalRare = Literals.rarest(literal);
        prefix = literals.first();
        prefixRare = Literals.rarest(prefix);
        Nfa nfa = node == null ? null : Nfa.of(node);
        onePass = nfa == null ? null : OnePass.of(nfa, fallback.groupCount());
        backtracker = nfa == null ? null : new Backtracker(nfa, fallback.groupCount());
        work = new int[slots()];
    }

    /** @throws IllegalArgumentException when it is no regular expression of RE2's; the message says why */
    public static LinePattern compile(String text) {
        String translated = text.replace("(?<", "(?P<");
        try {
            return new LinePattern(text, Pattern.compile(translated), RegexReader.read(translated));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(text + ": is not a regular expression: " + e.getDescription(), e);
        }
    }

    /** Groups by name, with their numbers from 1. */
    public Map<String, Integer> groups() {
        return Map.copyOf(groups);
    }

    /** How long the array of places must be: two for the match and two for each group. */
    public int slots() {
        return 2 * fallback.groupCount() + 2;
    }

    /** Whether one pass is enough for most lines. */
    boolean isOnePass() {
        return onePass != null;
    }

    /** Whether short lines are matched without RE2/J. */
    boolean isUnderstood() {
        return backtracker != null;
    }

    /**
     * Finds the leftmost match in the bytes from {@code from} up to {@code to}.
     *
     * @param places is given begin and end of the match and of each group, -1 where a group has none
     */
    public boolean find(byte[] line, int from, int to, int[] places) {
        if (literal.length > 0 && Literals.indexOf(line, from, to, literal, literalRare) < 0) {
            return false;
        }
        return onePass == null ? search(line, from, to, places) : pass(onePass, line, from, to, places);
    }

    /** Whether the whole of the bytes matches. */
    public boolean matches(byte[] line, int from, int to, int[] places) {
        return find(line, from, to, places) && places[0] == from && places[1] == to;
    }

    private boolean pass(OnePass pass, byte[] line, int from, int to, int[] places) {
        long budget = (long) LOOKS_PER_BYTE * (to - from) + LEAST_LOOKS;
        int at = from;
        while (at <= to) {
            if (prefix.length > 0) {
                at = Literals.indexOf(line, at, to, prefix, prefixRare);
                if (at < 0) {
                    return false;
                }
            }
            int looked = pass.match(line, from, at, to, places, work);
            if (looked >= 0) {
                return true;
            }
            if (pass.isAnchored()) {
                return false;
            }
            budget += looked; // negative
            if (budget < 0) {
                return search(line, from, to, places);
            }
            at++;
        }
        return false;
    }

    private boolean search(byte[] line, int from, int to, int[] places) {
        Backtracker search = backtracker;
        if (search == null || !search.takes(to - from)) {
            return fallBack(line, from, to, places);
        }
        search.begin(to - from);
        for (int at = from; at <= to; at++) {
            if (prefix.length > 0) {
                at = Literals.indexOf(line, at, to, prefix, prefixRare);
                if (at < 0) {
                    return false;
                }
            }
            if (search.match(line, from, at, to, places)) {
                return true;
            }
        }
        return false;
    }

    private boolean fallBack(byte[] line, int from, int to, int[] places) {
        // Not its matcher of bytes: version 1.8 takes places within characters for the begin of the text.
        String decoded = new String(line, from, to - from, StandardCharsets.UTF_8);
        Matcher matcher = fallback.matcher(decoded);
        if (!matcher.find()) {
            return false;
        }
        boolean ascii = decoded.length() == to - from;
        for (int group = 0; group <= matcher.groupCount(); group++) {
            int start = matcher.start(group);
            places[2 * group] = start < 0 ? -1 : from + (ascii ? start : bytes(decoded, start));
            places[2 * group + 1] =
                    start < 0 ? -1 : from + (ascii ? matcher.end(group) : bytes(decoded, matcher.end(group)));
        }
        return true;
    }

    private static int bytes(String text, int end) {
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return text;
    }
}
