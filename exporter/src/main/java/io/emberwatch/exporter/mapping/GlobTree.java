package io.emberwatch.exporter.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Globs as a tree of the parts of names: a look-up takes the steps that a name has parts, however many globs there are; where
 * a part goes on both by its name and by a star, both ways.
 */
final class GlobTree {
    private final Node root = new Node();
    private final boolean ordered;

    /** @param ordered whether the first glob of the file wins; if not, the one with a name where others have a star */
    GlobTree(boolean ordered) {
        this.ordered = ordered;
    }

    void add(Rule rule) {
        Node node = root;
        for (String part : rule.match().split("\\.", -1)) {
            Node next = node.next(part);
            next.first = Math.min(next.first, rule.index());
            node = next;
        }
        if (node.rule == null) {
            node.rule = rule;
        }
    }

    @Nullable
    Mapped match(String name) {
        Search search = new Search(name.split("\\.", -1));
        search.walk(root, 0);
        return search.rule == null ? null : search.rule.match(search.captures);
    }

    private static final class Node {
        final Map<String, Node> named = new HashMap<>();

        @Nullable
        Node star;

        @Nullable
        Rule rule;
        /** The place of the first rule at or below it. */
        int first = Integer.MAX_VALUE;

        Node next(String part) {
            if (!part.equals("*")) {
                return named.computeIfAbsent(part, p -> new Node());
            }
            Node next = star == null ? new Node() : star;
            star = next;
            return next;
        }
    }

    /** One look-up. */
    private final class Search {
        private final String[] parts;
        private final List<String> path = new ArrayList<>();
        private List<String> captures = List.of();
        private @Nullable Rule rule;

        Search(String[] parts) {
            this.parts = parts;
        }

        void walk(Node node, int depth) {
            Rule best = rule;
            if (best != null && (!ordered || best.index() < node.first)) {
                return;
            }
            if (depth == parts.length) {
                if (node.rule != null) {
                    rule = node.rule;
                    captures = List.copyOf(path);
                }
                return;
            }
            Node named = node.named.get(parts[depth]);
            if (named != null) {
                walk(named, depth + 1);
            }
            if (node.star != null) {
                path.add(parts[depth]);
                walk(node.star, depth + 1);
                path.remove(path.size() - 1);
            }
        }
    }
}
