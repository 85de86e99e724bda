package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows scores as metric families. A score that is not known is left out; its confidence never is. */
final class ScoreFamilies {
    private static final String ETCD = "emberwatch_etcd";

    private static final String SEED = "etcd_score";

    private static final Map<String, String> HELP = help();

    private final String prefix;
    private final String memberLabel;
    private final Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
    private final Map<Labels, Integer> sources = new LinkedHashMap<>();

    private static Map<String, String> help() {
        Map<String, String> help = new LinkedHashMap<>();
        help.put("_cluster_score", "Health of the cluster, 0 (worst) to 10.");
        help.put("_cluster_score_low", "What the cluster's score is if all that is not known is bad.");
        help.put("_cluster_score_high", "What the cluster's score is if all that is not known is good.");
        help.put(
                "_cluster_confidence",
                "Share of the score's weight that rests on measured inputs, mean of the members, 0 to 1.");
        help.put("_member_score", "Health of the member, 0 (worst) to 10.");
        help.put("_member_score_low", "What the member's score is if all that is not known is bad.");
        help.put("_member_score_high", "What the member's score is if all that is not known is good.");
        help.put("_member_confidence", "Share of the score's weight that rests on measured inputs, 0 to 1.");
        help.put("_component_score", "Score of one component of a member, 0 (worst) to 10.");
        help.put("_component_penalty", "Points of a member's ten that one component takes.");
        help.put("_input_source", "How many members are measured by this query of those that a component may use.");
        return Collections.unmodifiableMap(help);
    }

    private ScoreFamilies(ScoreModel model) {
        prefix = model.prefix();
        memberLabel = model.labels().get(model.labels().size() - 1);
    }

    static List<MetricFamily> of(ScoreModel model, List<Score> scores) {
        ScoreFamilies families = new ScoreFamilies(model);
        scores.forEach(families::cluster);
        return families.families();
    }

    private void add(String name, Labels labels, double value) {
        points.computeIfAbsent(name, unseen -> new ArrayList<>()).add(MetricPoint.of(name, labels, value));
    }

    private void cluster(Score cluster) {
        Labels labels = cluster.labels();
        cluster.score().ifPresent(score -> {
            add(prefix + "_cluster_score", labels, score);
            add(SEED, labels, score);
        });
        add(prefix + "_cluster_score_low", labels, cluster.range().low());
        add(prefix + "_cluster_score_high", labels, cluster.range().high());
        add(prefix + "_cluster_confidence", labels, cluster.confidence());
        cluster.members().forEach(member -> member(labels.with(memberLabel, member.name()), member));
    }

    private void member(Labels own, Score.MemberScore member) {
        member.score().ifPresent(score -> add(prefix + "_member_score", own, score));
        add(prefix + "_member_score_low", own, member.range().low());
        add(prefix + "_member_score_high", own, member.range().high());
        add(prefix + "_member_confidence", own, member.confidence());
        for (Score.Component component : member.components()) {
            Labels labels = own.with("component", component.name());
            component.score().ifPresent(score -> add(prefix + "_component_score", labels, score));
            if (component.share() > 0) {
                add(prefix + "_component_penalty", labels, component.lost());
            }
            if (!component.query().isEmpty()) {
                sources.merge(
                        Labels.of("component", component.name()).with("query", component.query()), 1, Integer::sum);
            }
        }
    }

    private List<MetricFamily> families() {
        sources.forEach((labels, members) -> add(prefix + "_input_source", labels, members));
        List<MetricFamily> families = new ArrayList<>();
        HELP.forEach((suffix, help) -> gauge(families, prefix + suffix, help));
        if (prefix.equals(ETCD)) {
            gauge(families, SEED, "The cluster's score under the name of the etcd heatmap of 2022.");
        }
        return families;
    }

    private void gauge(List<MetricFamily> families, String name, String help) {
        List<MetricPoint> own = points.getOrDefault(name, List.of());
        if (!own.isEmpty()) {
            families.add(MetricFamily.of(name, MetricType.GAUGE, help, own));
        }
    }
}
