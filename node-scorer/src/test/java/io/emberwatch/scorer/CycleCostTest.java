package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What a cycle costs once its queries are answered: a hundred clusters of three members. It is the processor time of its
 * own thread, which does not depend on what else the machine does.
 */
final class CycleCostTest {
    private static final int CLUSTERS = 100;
    private static final int WARM_UP = 40;
    private static final int ROUNDS = 15;
    private static final double MOST_MILLIS = 50;

    private static Measurements measured(ScoreModel model) {
        SortedMap<Member, Boolean> members = new TreeMap<>();
        Map<String, Map<Member, Input>> inputs = new HashMap<>();
        Set<Member> leaders = new HashSet<>();
        for (int i = 0; i < CLUSTERS * 3; i++) {
            Member member = new Member(Labels.of("cluster", "cluster-" + i / 3), "etcd-" + i % 3);
            members.put(member, i % 17 != 0);
            if (i % 3 == 1) {
                leaders.add(member);
            }
            double value = i % 5 == 0 ? 0.03 : 0.001;
            model.indicators()
                    .forEach(indicator -> inputs.computeIfAbsent(indicator.name(), name -> new HashMap<>())
                            .put(member, new Input(value, indicator.inputs().get(0))));
        }
        return new Measurements(Instant.EPOCH, members, inputs, Map.of(), leaders, Set.of(), List.of());
    }

    @Test
    void aHundredClustersOfThreeTakeLessThanFiftyMilliseconds() throws Exception {
        ScoreModel model = Models.load("etcd");
        Measurements measured = measured(model);
        Scorer scorer = new Scorer(model);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] millis = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadCpuTime();
            String page = ExpositionWriter.toText(
                    ScoreFamilies.of(model, scorer.score(measured)), TextFormat.PROMETHEUS_0_0_4);
            double spent = (threads.getCurrentThreadCpuTime() - before) / 1e6;
            assertThat(page).contains("emberwatch_etcd_cluster_score{cluster=\"cluster-99\"}");
            if (round >= 0) {
                millis[round] = spent;
            }
        }
        Arrays.sort(millis);
        assertThat(millis[ROUNDS / 2]).isLessThan(MOST_MILLIS);
    }
}
