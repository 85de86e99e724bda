package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers samples of several families as lines are read that tell of all of them at once. */
final class Families {
    private final Map<String, Family> families = new LinkedHashMap<>();

    private record Family(MetricType type, String help, List<MetricPoint> points) {}

    Families gauge(String name, String help, Labels labels, double value) {
        return add(name, MetricType.GAUGE, help, labels, value);
    }

    Families counter(String name, String help, Labels labels, double value) {
        return add(name, MetricType.COUNTER, help, labels, value);
    }

    Families add(String name, MetricType type, String help, Labels labels, double value) {
        families.computeIfAbsent(name, n -> new Family(type, help, new ArrayList<>()))
                .points()
                .add(MetricPoint.of(name, labels, value));
        return this;
    }

    List<MetricFamily> list() {
        List<MetricFamily> list = new ArrayList<>(families.size());
        families.forEach(
                (name, family) -> list.add(MetricFamily.of(name, family.type(), family.help(), family.points())));
        return list;
    }
}
