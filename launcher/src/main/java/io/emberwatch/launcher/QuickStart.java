package io.emberwatch.launcher;

import io.emberwatch.rules.ruletest.RuleCheck;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * {@code rules check FILE…} without options, which scripts and editors run for every change, begins at once: to describe the
 * command line takes longer than to check a file. Whatever is asked for in another way is left to the command line.
 */
final class QuickStart {
    private static final List<String> CHECK = List.of("rules", "check");

    private QuickStart() {}

    /** The exit code; empty when the command line has to look at the words. */
    static OptionalInt run(String... words) {
        List<String> all = List.of(words);
        if (all.size() <= CHECK.size() || !all.subList(0, CHECK.size()).equals(CHECK)) {
            return OptionalInt.empty();
        }
        List<String> files = all.subList(CHECK.size(), all.size());
        // Options, and the command line's own files of words.
        if (files.stream().anyMatch(file -> file.isEmpty() || "-@\"'".indexOf(file.charAt(0)) >= 0)) {
            return OptionalInt.empty();
        }
        try {
            Stream<Path> paths = files.stream().map(Path::of);
            return OptionalInt.of(RuleCheck.run(paths.toList(), RuleCheck.Options.standard(System.in), System.out));
        } catch (InvalidPathException e) {
            return OptionalInt.empty();
        }
    }
}
