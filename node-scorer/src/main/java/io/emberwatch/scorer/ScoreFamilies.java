package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;

/** Shows scores as metric families. A score that is not known is left out; its confidence never is. */
final class ScoreFamilies {
    private static final String ETCD = "emberwatch_etcd";

    private final String prefix;
    private final String memberLabel;
    private final List<MetricPoint> clusters = new ArrayList<>();
    private final List<MetricPoint> clusterConfidences = new ArrayList<>();
    private final List<MetricPoint> members = new ArrayList<>();
    private final List<MetricPoint> confidences = new ArrayList<>();
    private final List<MetricPoint> components = new ArrayList<>();
    private final List<MetricPoint> seed = new ArrayList<>();

    private ScoreFamilies(ScoreModel model) {
        prefix = model.prefix();
        memberLabel = model.labels().get(model.labels().size() - 1);
    }

    static List<MetricFamily> of(ScoreModel model, List<Score> scores) {
        ScoreFamilies families = new ScoreFamilies(model);
        scores.forEach(families::cluster);
        return families.families();
    }

    private void cluster(Score cluster) {
        Labels labels = cluster.labels();
        cluster.score().ifPresent(score -> {
            clusters.add(MetricPoint.of(prefix + "_cluster_score", labels, score));
            seed.add(MetricPoint.of("etcd_score", labels, score));
        });
        clusterConfidences.add(MetricPoint.of(prefix + "_cluster_confidence", labels, cluster.confidence()));
        cluster.members().forEach(member -> member(labels.with(memberLabel, member.name()), member));
    }

    private void member(Labels own, Score.MemberScore member) {
        member.score().ifPresent(score -> members.add(MetricPoint.of(prefix + "_member_score", own, score)));
        confidences.add(MetricPoint.of(prefix + "_member_confidence", own, member.confidence()));
        for (Score.Component component : member.components()) {
            if (component.score().isPresent()) {
                components.add(MetricPoint.of(
                        prefix + "_component_score",
                        own.with("component", component.name()),
                        component.score().getAsDouble()));
            }
        }
    }

    private List<MetricFamily> families() {
        List<MetricFamily> families = new ArrayList<>(List.of(
                gauge(prefix + "_cluster_score", "Health of the cluster, 0 (worst) to 10.", clusters),
                gauge(
                        prefix + "_cluster_confidence",
                        "Share of the score's weight that rests on measured inputs, mean of the members, 0 to 1.",
                        clusterConfidences),
                gauge(prefix + "_member_score", "Health of the member, 0 (worst) to 10.", members),
                gauge(
                        prefix + "_member_confidence",
                        "Share of the score's weight that rests on measured inputs, 0 to 1.",
                        confidences),
                gauge(
                        prefix + "_component_score",
                        "Score of one component of a member, 0 (worst) to 10.",
                        components)));
        if (prefix.equals(ETCD)) {
            families.add(gauge("etcd_score", "The cluster's score under the name of the etcd heatmap of 2022.", seed));
        }
        families.removeIf(family -> family.points().isEmpty());
        return families;
    }

    private static MetricFamily gauge(String name, String help, List<MetricPoint> points) {
        return MetricFamily.of(name, MetricType.GAUGE, help, points);
    }
}
