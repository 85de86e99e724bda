package io.emberwatch.rules.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expansions beside those of a real Prometheus 2.42. */
final class TemplateOracleTest {
    private static final String CORPUS = System.getenv("EMBERWATCH_CORPUS");

    @Test
    void expandsAsPrometheusDoes() throws IOException {
        assumeTrue(CORPUS != null, "EMBERWATCH_CORPUS is not set");
        List<String> lines = Files.readAllLines(Path.of(CORPUS, "promtool", "template-oracle-2.42.tsv"));
        String[] templates = lines.get(0).split("\t", -1);
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (int row = 1; row < lines.size(); row++) {
            String[] cells = lines.get(row).split("\t", -1);
            for (int column = 1; column < cells.length; column++) {
                String got = expand("__alert_A" + (row - 1), templates[column], number(cells[0]));
                compared++;
                if (!got.equals(cells[column])) {
                    differences.add(cells[0] + " " + templates[column] + ": want " + cells[column] + " got " + got);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(450);
    }

    private static double number(String expression) {
        return switch (expression) {
            case "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "1/3" -> 1.0 / 3;
            default -> Double.parseDouble(expression);
        };
    }

    private static String expand(String name, String text, double value) {
        try {
            return Template.parse(name, text)
                    .expand(
                            new TemplateData(Labels.EMPTY, Labels.EMPTY, "", value),
                            Instant.EPOCH,
                            TemplateQueries.NONE);
        } catch (TemplateException e) {
            return "<error expanding template: " + e.text() + ">";
        }
    }
}
