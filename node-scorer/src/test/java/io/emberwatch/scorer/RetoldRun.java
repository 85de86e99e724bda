package io.emberwatch.scorer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Writes a recorded page of three or more members once for each {@link Telling}, all on one page. */
final class RetoldRun {
    private static final Pattern LINE = Pattern.compile("([a-z0-9_]+)\\{(.*)} (\\S+) (\\S+)");
    private static final Pattern INSTANCE = Pattern.compile("instance=\"etcd-(\\d+)\"");
    private static final Set<String> KEPT_OVER_RESTARTS =
            Set.of("etcd_server_proposals_committed_total", "etcd_server_proposals_applied_total");
    private static final int RESTARTED = 1;

    private final Instant start;
    private final int every;
    private final Map<String, Double> before = new HashMap<>();
    private final Map<String, Double> newest = new HashMap<>();

    /** @param every seconds between the scrapes of the recording */
    private RetoldRun(Instant start, int every) {
        this.start = start;
        this.every = every;
    }

    static void write(Path compressed, Instant start, int every, List<Telling> tellings, Path page) throws IOException {
        RetoldRun run = new RetoldRun(start, every);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(compressed)), StandardCharsets.UTF_8));
                BufferedWriter out = Files.newBufferedWriter(page)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    for (Telling telling : tellings) {
                        out.write(run.told(matcher, telling));
                    }
                }
            }
            out.write("# EOF\n");
        }
    }

    private String told(Matcher line, Telling telling) {
        String labels = line.group(2).replaceFirst("cluster=\"[^\"]*\",", "");
        Matcher instance = INSTANCE.matcher(labels);
        String name = telling.renamed().getOrDefault(line.group(1), line.group(1));
        if (name.isEmpty() || !instance.find() || telling.untold().contains("etcd-" + instance.group(1))) {
            return "";
        }
        int member = Integer.parseInt(instance.group(1));
        double time = Double.parseDouble(line.group(4));
        long scrape = (long) ((time - start.getEpochSecond()) / every);
        int step = Math.max(1, telling.every() / every);
        if (Math.floorMod(scrape, step) != member % step) {
            return "";
        }
        double value = Double.parseDouble(line.group(3));
        if (telling.lost() > 0 && Math.floorMod(scrape + 3L * member, telling.lost()) == 0) {
            if (!name.equals("up")) {
                return "";
            }
            value = 0;
        }
        Instant restarted = telling.restarted();
        if (restarted != null && member == RESTARTED && time >= restarted.getEpochSecond()) {
            value = anew(name, telling.name() + name + labels, value, restarted);
        }
        return String.format(
                Locale.ROOT,
                "%s{cluster=\"%s\",%s} %s %.3f%n",
                name,
                telling.name(),
                labels,
                value,
                time + telling.shifted() * member);
    }

    private double anew(String name, String series, double value, Instant restarted) {
        if (name.equals("process_start_time_seconds")) {
            return restarted.getEpochSecond();
        }
        boolean counts = (name.endsWith("_total") || name.endsWith("_bucket")) && !KEPT_OVER_RESTARTS.contains(name);
        if (!counts) {
            return value;
        }
        Double last = newest.put(series, value);
        if (last != null && value < last) {
            before.put(series, 0.0); // the recording's own restart
        }
        return value - before.computeIfAbsent(series, unseen -> value);
    }
}
