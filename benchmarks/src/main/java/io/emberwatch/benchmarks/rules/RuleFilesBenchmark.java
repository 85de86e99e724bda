package io.emberwatch.benchmarks.rules;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.rules.ruletest.RuleCheck;
import io.emberwatch.rules.ruletest.RuleTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processor time of checking 1 000 rules and of 50 unit tests, beside promtool; with the start of Java and without. */
public final class RuleFilesBenchmark implements Benchmark {
    private static final int RULES = 1000;
    private static final int CASES = 50;
    private static final int WARM = 25;
    private static final int ROUNDS = 5;

    private interface Work {
        int run(PrintStream out) throws IOException;
    }

    @Override
    public String name() {
        return "rules/files";
    }

    @Override
    public String description() {
        return "check 1 000 rules, run 50 unit tests; promtool 2.42 on the same files";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        int rehearsed = new ProcessBuilder(program().toString(), "rules", "--rehearse")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        report.say("class-data archive: " + (rehearsed == 0 ? "made" : "could not be made"));
        Path folder = Files.createTempDirectory("bench-files");
        Path rules = Files.writeString(folder.resolve("rules.yml"), rules(RULES));
        Files.writeString(folder.resolve("tested.yml"), rules(2 * CASES));
        Path tests = Files.writeString(folder.resolve("tests.yml"), tests());
        compare(
                report,
                "check 1 000 rules",
                List.of("check", rules.toString()),
                List.of("check", "rules", rules.toString()),
                out -> RuleCheck.run(List.of(rules), RuleCheck.Options.standard(InputStream.nullInputStream()), out));
        compare(
                report,
                "50 unit tests of 100 rules",
                List.of("test", tests.toString()),
                List.of("test", "rules", tests.toString()),
                out -> RuleTest.run(List.of(tests), out));
    }

    private static void compare(Report report, String what, List<String> ours, List<String> theirs, Work work)
            throws IOException, InterruptedException {
        List<String> promtool = new ArrayList<>(List.of(PrometheusPeer.tool()));
        promtool.addAll(theirs);
        List<String> program = new ArrayList<>(List.of(program().toString(), "rules"));
        program.addAll(ours);
        double[] peer = new double[ROUNDS];
        double[] started = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            peer[i] = child(promtool);
            started[i] = child(program);
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        double[] warm = new double[ROUNDS];
        for (int i = -WARM; i < ROUNDS; i++) {
            double before = Measured.ownCpuSeconds();
            if (work.run(nowhere) != 0) {
                throw new IOException(what + " failed");
            }
            if (i >= 0) {
                warm[i] = Measured.ownCpuSeconds() - before;
            }
        }
        report.atMost(what + ", Java up", 1000 * Measured.median(warm), 1000 * Measured.median(peer), "ms", 1);
        report.atMost(
                what + ", start included", 1000 * Measured.median(started), 1000 * Measured.median(peer), "ms", 3);
    }

    // Where the launcher's packaging leaves the unpacked program.
    private static Path program() throws IOException {
        try (Stream<Path> found =
                Files.find(Path.of("launcher/target"), 4, (path, attributes) -> path.endsWith("bin/emberwatch"))) {
            return found.findFirst()
                    .orElseThrow(() -> new IOException("the program is not packed: ./emberwatch build"));
        }
    }

    /** Processor seconds of a command, as the shell tells them. */
    private static double child(List<String> command) throws IOException, InterruptedException {
        List<String> timed =
                new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\" > /dev/null", "bash"));
        timed.addAll(command);
        Process process = new ProcessBuilder(timed).start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        String[] times = said.substring(said.lastIndexOf('\n') + 1).split(" ", -1);
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }

    private static String rules(int count) {
        StringBuilder text = new StringBuilder("groups:\n");
        for (int i = 0; i < count; i++) {
            if (i % 20 == 0) {
                text.append("  - name: group-").append(i / 20).append("\n    rules:\n");
            }
            if (i % 2 == 0) {
                text.append("      - record: job:requests_").append(i).append(":rate5m\n");
                text.append("        expr: sum by (job, zone) (rate(requests_")
                        .append(i)
                        .append("_total{code=~\"5..\"}[5m]))\n");
            } else {
                text.append("      - alert: Requests").append(i).append('\n');
                text.append("        expr: job:requests_")
                        .append(i - 1)
                        .append(":rate5m / on (job) group_left () limits > 0.9\n");
                text.append("        for: 10m\n        labels: {severity: page}\n        annotations:\n");
                text.append(
                        "          summary: '{{ $labels.job }} in {{ $labels.zone }} is at {{ $value | humanize }}'\n");
            }
        }
        return text.toString();
    }

    private static String tests() {
        StringBuilder text = new StringBuilder("rule_files: [tested.yml]\nevaluation_interval: 1m\ntests:\n");
        for (int i = 0; i < CASES; i++) {
            text.append("  - interval: 1m\n    input_series:\n");
            text.append("      - {series: 'requests_")
                    .append(2 * i)
                    .append("_total{job=\"a\",zone=\"z\",code=\"500\"}', values: '0+60x30'}\n");
            text.append("      - {series: 'limits{job=\"a\"}', values: '0.5x30'}\n");
            text.append("    alert_rule_test:\n      - eval_time: 20m\n        alertname: Requests")
                    .append(2 * i + 1)
                    .append('\n');
            text.append("        exp_alerts:\n          - exp_labels: {job: a, zone: z, severity: page}\n");
            text.append("            exp_annotations: {summary: 'a in z is at 2'}\n");
            text.append("    promql_expr_test:\n      - {expr: 'job:requests_").append(2 * i);
            text.append(":rate5m', eval_time: 20m, exp_samples: [{labels: 'job:requests_")
                    .append(2 * i);
            text.append(":rate5m{job=\"a\",zone=\"z\"}', value: 1}]}\n");
        }
        return text.toString();
    }
}
