package io.emberwatch.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What benchmarks saw, as rows of a Markdown table. */
public final class Report {
    private final PrintStream out;
    private final List<String> rows = new ArrayList<>();

    public Report(PrintStream out) {
        this.out = out;
    }

    /** Progress, for who waits. */
    public void say(String text) {
        out.println("  " + text);
    }

    /**
     * One comparison where less is better.
     *
     * @param ours median of ours, in {@code unit}
     * @param peer median of the peer's, in the same unit
     * @param bar the greatest ratio of ours to the peer's that meets the bar
     */
    public void atMost(String what, double ours, double peer, String unit, double bar) {
        row(what, ours, peer, unit, "≤ " + bar, ours / peer <= bar);
    }

    /**
     * One comparison where more is better.
     *
     * @param ours median of ours, in {@code unit}
     * @param peer median of the peer's, in the same unit
     * @param bar the least ratio of ours to the peer's that meets the bar
     */
    public void atLeast(String what, double ours, double peer, String unit, double bar) {
        row(what, ours, peer, unit, "≥ " + bar, ours / peer >= bar);
    }

    /** A figure that stands without a peer. */
    public void figure(String what, double ours, String unit, String bar, boolean met) {
        add(String.format(
                Locale.ROOT, "| %s | %.4g %s | | | %s | %s |", what, ours, unit, bar, met ? "met" : "missed"));
    }

    private void row(String what, double ours, double peer, String unit, String bar, boolean met) {
        add(String.format(
                Locale.ROOT,
                "| %s | %.4g %s | %.4g %s | %.3g | %s | %s |",
                what,
                ours,
                unit,
                peer,
                unit,
                ours / peer,
                bar,
                met ? "met" : "missed"));
    }

    private void add(String row) {
        rows.add(row);
        out.println(row);
    }

    /** All rows so far, under their heading. */
    public String markdown() {
        return "| what | ours | peer | ratio | bar | |\n|---|---|---|---|---|---|\n" + String.join("\n", rows) + "\n";
    }
}
