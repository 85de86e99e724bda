package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Measurements of one cluster for tests, member by member. */
final class Cluster {
    private final ScoreModel model;
    private final SortedMap<Member, Boolean> members = new TreeMap<>();
    private final Map<String, Map<Member, Input>> inputs = new HashMap<>();
    private final Map<String, Set<Member>> vetoed = new HashMap<>();
    private final Set<Member> leaders = new HashSet<>();
    private final Set<Member> learners = new HashSet<>();
    private Member current = member("none");

    Cluster(ScoreModel model) {
        this.model = model;
    }

    Cluster member(String instance, boolean up) {
        current = member(instance);
        members.put(current, up);
        return this;
    }

    static Member member(String instance) {
        return new Member(Labels.of("cluster", "test"), instance);
    }

    /** A member whose every indicator has the same score, by the value at which its scale gives it. */
    Cluster healthy(String instance) {
        member(instance, true);
        model.indicators().forEach(indicator -> input(indicator.name(), 0));
        return this;
    }

    Cluster input(String indicator, double value) {
        inputs.computeIfAbsent(indicator, name -> new HashMap<>()).put(current, new Input(value, "test"));
        return this;
    }

    Cluster vetoed(String veto) {
        vetoed.computeIfAbsent(veto, name -> new HashSet<>()).add(current);
        return this;
    }

    Cluster leader() {
        leaders.add(current);
        return this;
    }

    Cluster learner() {
        learners.add(current);
        return this;
    }

    Score score() {
        return new Scorer(model)
                .score(new Measurements(Instant.EPOCH, members, inputs, vetoed, leaders, learners, List.of()))
                .get(0);
    }
}
