package io.emberwatch.rules.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * What a part of a query gave at one time, and why.
 *
 * @param text the part, in canonical form
 * @param outcome what it gave, in a few words
 * @param notes what should be known about it: how series met, why there are none
 * @param parts what it is made of
 */
public record Explanation(String text, String outcome, List<String> notes, List<Explanation> parts) {
    private static final int WIDTH = 100;

    public Explanation {
        notes = List.copyOf(notes);
        parts = List.copyOf(parts);
    }

    /** The whole as an indented tree, ready to be printed. */
    public String tree() {
        StringBuilder tree = new StringBuilder();
        append(tree, "", "");
        return tree.toString();
    }

    private void append(StringBuilder tree, String first, String rest) {
        tree.append(first).append(cut(text)).append("  → ").append(outcome).append('\n');
        String under = rest + (parts.isEmpty() ? "   " : "│  ");
        notes.forEach(note -> tree.append(under).append(note).append('\n'));
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1;
            parts.get(i).append(tree, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
        }
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }

    /** Every note that says why something is missing, from the leaves up. */
    public List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        parts.forEach(part -> reasons.addAll(part.reasons()));
        reasons.addAll(notes);
        return reasons;
    }
}
