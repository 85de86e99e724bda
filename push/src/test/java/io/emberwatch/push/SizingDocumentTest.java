package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The sizing table of docs/push.md follows from the costs in benchmarks/results/push.md. With
 * {@code -Demberwatch.docs=rewrite} it is written anew instead of compared.
 */
final class SizingDocumentTest {
    private static final Path COSTS = Path.of("../benchmarks/results/push.md");
    private static final Path DOCUMENT = Path.of("../docs/push.md");
    private static final String BEGIN = "<!-- sizing: made of benchmarks/results/push.md -->\n";
    private static final String END = "<!-- end of sizing -->\n";
    private static final long[] RATES = {600_000, 6_000_000, 60_000_000};
    private static final int COPIES = 3;
    private static final double BUSY = 0.5;
    private static final int BROKER_CORES = 8;
    private static final int INSTANCE_CORES = 2;
    private static final double GIBI = 1 << 30;

    @Test
    void theTableFollowsFromWhatWasMeasured() throws Exception {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        String table = table(costs());
        if ("rewrite".equals(System.getProperty("emberwatch.docs"))) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(document.substring(begin, end)).isEqualTo(table);
        }
    }

    /** Rows {@code | `name` | figure | …} of the table of costs. */
    private static Map<String, Double> costs() throws IOException {
        Map<String, Double> costs = new HashMap<>();
        for (String line : Files.readAllLines(COSTS)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length > 3 && cells[1].strip().matches("`[a-z_]+`")) {
                costs.put(cells[1].strip().replace("`", ""), Double.parseDouble(cells[2].strip()));
            }
        }
        return costs;
    }

    private static String table(Map<String, Double> costs) {
        StringBuilder text = new StringBuilder("| values a second |");
        for (long rate : RATES) {
            text.append(String.format(Locale.ROOT, " %,d |", rate));
        }
        text.append("\n|---|---|---|---|\n");
        double perLine = costs.get("values_per_line");
        row(text, "lines a second", rate -> rate / perLine);
        for (String component : new String[] {"router", "aggregator", "onoff", "sink", "influxdb"}) {
            double cost = costs.get(component);
            row(text, "cores, " + component, rate -> cores(rate / perLine, cost));
        }
        double broker = costs.get("broker") * COPIES;
        row(text, "cores, brokers", rate -> cores(rate / perLine, broker));
        row(text, "brokers of 8 cores", rate -> brokers(rate / perLine, broker));
        row(text, "Routers of 2 cores", rate -> instances(rate / perLine, costs.get("router")));
        row(text, "Aggregators of 2 cores", rate -> instances(rate / perLine, costs.get("aggregator")));
        row(text, "partitions of `metrics`", rate -> partitions(rate / perLine, costs.get("router")));
        double bytes = costs.get("line_bytes");
        row(text, "network into the brokers, Mbit/s", rate -> COPIES * 2 * rate / perLine * bytes * 8 / 1e6);
        row(text, "disks for a day, all copies, GB", rate -> COPIES * 2 * rate / perLine * bytes * 86_400 / 1e9);
        row(
                text,
                "memory, components and brokers, GiB",
                rate -> (instances(rate / perLine, costs.get("router") + costs.get("aggregator"))
                                        + instances(rate / perLine, costs.get("onoff") + costs.get("sink")))
                                * costs.get("component_bytes")
                                / GIBI
                        + brokers(rate / perLine, broker) * 8);
        return text.toString();
    }

    @FunctionalInterface
    private interface Column {
        double at(long valuesPerSecond);
    }

    private static void row(StringBuilder text, String what, Column column) {
        text.append("| ").append(what).append(" |");
        for (long rate : RATES) {
            double value = column.at(rate);
            String format = value < 10 && value != Math.rint(value) ? " %,.1f |" : " %,.0f |";
            text.append(String.format(Locale.ROOT, format, value));
        }
        text.append('\n');
    }

    private static double cores(double lines, double micros) {
        return lines * micros / 1e6 / BUSY;
    }

    private static double instances(double lines, double micros) {
        return Math.max(2, Math.ceil(cores(lines, micros) / INSTANCE_CORES));
    }

    private static double brokers(double lines, double micros) {
        return Math.max(COPIES, Math.ceil(cores(lines, micros) / BROKER_CORES));
    }

    /** Twice as many as threads work on them, so that instances can be added. */
    private static double partitions(double lines, double micros) {
        return 2 * INSTANCE_CORES * instances(lines, micros);
    }
}
