package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.List;

/** Shows scores as metric families. A score that is not known is left out; its confidence never is. */
final class ScoreFamilies {
    private ScoreFamilies() {}

    static List<MetricFamily> of(String prefix, List<Score> scores) {
        List<MetricPoint> clusters = new ArrayList<>();
        List<MetricPoint> clusterConfidences = new ArrayList<>();
        List<MetricPoint> members = new ArrayList<>();
        List<MetricPoint> confidences = new ArrayList<>();
        List<MetricPoint> components = new ArrayList<>();
        List<MetricPoint> seed = new ArrayList<>();
        for (Score cluster : scores) {
            Labels labels = Labels.of("cluster", cluster.cluster());
            cluster.score().ifPresent(score -> {
                clusters.add(MetricPoint.of(prefix + "_cluster_score", labels, score));
                seed.add(MetricPoint.of("etcd_score", labels, score));
            });
            clusterConfidences.add(MetricPoint.of(prefix + "_cluster_confidence", labels, cluster.confidence()));
            for (Score.MemberScore member : cluster.members()) {
                Labels own = labels.with("instance", member.instance());
                member.score().ifPresent(score -> members.add(MetricPoint.of(prefix + "_member_score", own, score)));
                confidences.add(MetricPoint.of(prefix + "_member_confidence", own, member.confidence()));
                for (Score.Component component : member.components()) {
                    component
                            .score()
                            .ifPresent(score -> components.add(MetricPoint.of(
                                    prefix + "_component_score", own.with("component", component.name()), score)));
                }
            }
        }
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
        if (prefix.equals("emberwatch_etcd")) {
            families.add(gauge("etcd_score", "The cluster's score under the name of the etcd heatmap of 2022.", seed));
        }
        families.removeIf(family -> family.points().isEmpty());
        return families;
    }

    private static MetricFamily gauge(String name, String help, List<MetricPoint> points) {
        return MetricFamily.of(name, MetricType.GAUGE, help, points);
    }
}
