package io.emberwatch.exporter.statsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FlushTableTest {
    private static final EventName NAME = new EventName("a b/c!", Map.of(), 0);

    @Test
    void flushesEveryKindAsEtsysStatsdDoes() throws ConfigException {
        FlushTable table = table("{graphite: '127.0.0.1:2003'}");
        table.series(EventKind.COUNTER, NAME).add(5, 2);
        table.series(EventKind.GAUGE, NAME).gauge(3, false);
        table.series(EventKind.GAUGE, NAME).gauge(-1, true);
        table.series(EventKind.SET, NAME).member(1);
        table.series(EventKind.SET, NAME).member(2);
        table.series(EventKind.SET, NAME).member(1);
        for (double millis : new double[] {450, 120, 553, 994, 334, 844, 675, 496}) {
            table.series(EventKind.TIMER, NAME).time(millis, 1);
        }

        assertThat(sorted(table)).isEqualTo("""
                stats.a_b-c 1 100
                stats.gauges.a_b-c 2 100
                stats.sets.a_b-c.count 2 100
                stats.timers.a_b-c.count 8 100
                stats.timers.a_b-c.count_90 7 100
                stats.timers.a_b-c.count_ps 0.8 100
                stats.timers.a_b-c.lower 120 100
                stats.timers.a_b-c.mean 558.25 100
                stats.timers.a_b-c.mean_90 496 100
                stats.timers.a_b-c.median 524.5 100
                stats.timers.a_b-c.std 260.560333704115 100
                stats.timers.a_b-c.sum 4466 100
                stats.timers.a_b-c.sum_90 3472 100
                stats.timers.a_b-c.sum_squares 3036278 100
                stats.timers.a_b-c.sum_squares_90 2048242 100
                stats.timers.a_b-c.upper 994 100
                stats.timers.a_b-c.upper_90 844 100
                stats_counts.a_b-c 10 100
                statsd.numStats 4 100
                """);
        assertThat(sorted(table)).isEqualTo("""
                stats.a_b-c 0 100
                stats.gauges.a_b-c 2 100
                stats.sets.a_b-c.count 0 100
                stats.timers.a_b-c.count 0 100
                stats.timers.a_b-c.count_ps 0 100
                stats_counts.a_b-c 0 100
                statsd.numStats 4 100
                """);
    }

    @Test
    void looksFromTheTopWithNegativePercentagesAndNamesAsToldTo() throws ConfigException {
        FlushTable table = table("""
                graphite: '127.0.0.1:2003'
                flush_interval: 1s
                legacy_namespace: false
                global_prefix: p
                global_suffix: s
                prefix_timer: t
                percent_threshold: [-25, 99.9]
                histogram_bins: [10, 100]
                delete_idle_stats: true
                """);
        EventName tagged = new EventName("x", Map.of("k", "v"), 0);
        table.series(EventKind.COUNTER, tagged).add(4, 1);
        for (double millis : new double[] {1, 5, 10, 500}) {
            table.series(EventKind.OBSERVER, tagged).time(millis, 10);
        }

        assertThat(sorted(table))
                .contains(
                        "p.counters.x.rate.s;k=v 4 100\n",
                        "p.counters.x.count.s;k=v 4 100\n",
                        "p.t.x.lower_top25.s;k=v 500 100\n",
                        "p.t.x.upper_99_9.s;k=v 500 100\n",
                        "p.t.x.count.s;k=v 40 100\n",
                        "p.t.x.histogram.bin_10.s;k=v 2 100\n",
                        "p.t.x.histogram.bin_100.s;k=v 1 100\n",
                        "p.t.x.histogram.bin_inf.s;k=v 1 100\n");
        assertThat(sorted(table)).isEqualTo("p.statsd.numStats.s 0 100\n");
    }

    @Test
    void aggregatesNoMoreNamesThanItsLimit() throws ConfigException {
        FlushTable table = table("{graphite: '127.0.0.1:2003', max_names: 1}");

        assertThat(table.series(EventKind.COUNTER, NAME)).isNotNull();
        assertThat(table.series(EventKind.COUNTER, NAME)).isNotNull();
        assertThat(table.series(EventKind.GAUGE, NAME)).isNull();
    }

    private static FlushTable table(String yaml) throws ConfigException {
        return new FlushTable(ConfigReader.parse("flush.yml", yaml, FlushConfig.class));
    }

    private static String sorted(FlushTable table) {
        return table.flush(100).stream().sorted().collect(Collectors.joining());
    }
}
