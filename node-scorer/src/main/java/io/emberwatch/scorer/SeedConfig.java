package io.emberwatch.scorer;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the {@code config.conf} of the etcd heatmap of 2022 as it stands: an INI file with the weights under {@code
 * [weights]} as {@code wt_etcd_<indicator>} and a {@code duration} under {@code [time]} that its scorer never used.
 */
final class SeedConfig {
    private static final String WEIGHT = "wt_etcd_";
    private static final Set<String> INDICATORS =
            Set.of("wal_fsync", "db_fsync", "file_descriptor", "leader_election", "client_traffic_in", "database_size");

    private SeedConfig() {}

    /** Whether the text is an INI file rather than YAML. */
    static boolean isIni(String text) {
        return text.lines().map(String::trim).anyMatch(line -> line.matches("\\[[a-z]+]"));
    }

    /**
     * The weights by indicator name of the model {@code etcd-seed}.
     *
     * @throws ConfigException with every line that cannot be used
     */
    static Map<String, Double> weights(String fileName, String text) throws ConfigException {
        Map<String, Double> weights = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        String section = "";
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.trim();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
                continue;
            }
            String trouble = entry(section, line, weights);
            if (!trouble.isEmpty()) {
                problems.add(new Problem(fileName, number, 1, section, trouble));
            }
        }
        if (problems.isEmpty() && weights.isEmpty()) {
            problems.add(
                    new Problem(fileName, 0, 0, "weights", "no weight is given; expected wt_etcd_wal_fsync = 0.3"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return weights;
    }

    private static String entry(String section, String line, Map<String, Double> weights) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            return "expected name = value, found " + line;
        }
        String name = line.substring(0, equals).trim();
        String value = line.substring(equals + 1).trim();
        if (section.equals("time")) {
            return name.equals("duration") ? "" : name + ": unknown name; expected duration";
        }
        if (!section.equals("weights")) {
            return section.isEmpty() ? "expected [weights] first" : "unknown section; expected weights or time";
        }
        String indicator = name.startsWith(WEIGHT) ? name.substring(WEIGHT.length()) : "";
        if (!INDICATORS.contains(indicator)) {
            return name + ": unknown weight; expected one of wt_etcd_" + String.join(", wt_etcd_", INDICATORS);
        }
        try {
            double weight = Double.parseDouble(value);
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                return name + ": a weight is a finite number from 0 up, found " + value;
            }
            return weights.put(indicator, weight) == null ? "" : name + ": given twice";
        } catch (NumberFormatException e) {
            return name + ": a weight is a number such as 0.3, found " + value;
        }
    }
}
