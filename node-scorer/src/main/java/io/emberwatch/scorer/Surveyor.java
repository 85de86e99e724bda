package io.emberwatch.scorer;

import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Asks a query source everything that a model wants to know; one query per signal, for all clusters at once. */
final class Surveyor {
    private final ScoreModel model;
    private final QuerySource source;

    Surveyor(ScoreModel model, QuerySource source) {
        this.model = model;
        this.source = source;
    }

    /**
     * Measures at one time.
     *
     * @throws QueryException when not even the members can be found out
     */
    Measurements measure(Instant at) throws QueryException {
        SortedMap<Member, Boolean> members = members(at);
        List<String> unanswered = new ArrayList<>();
        Map<String, Map<Member, Input>> inputs = new HashMap<>();
        for (ScoreModel.Indicator indicator : model.indicators()) {
            inputs.put(indicator.name(), inputs(indicator, members, at, unanswered));
        }
        Map<String, Set<Member>> vetoed = new HashMap<>();
        for (ScoreModel.Veto veto : model.vetoes()) {
            Set<Member> named = new HashSet<>();
            ask(veto.query(), at, unanswered).forEach(sample -> named.add(Member.of(sample.labels())));
            vetoed.put(veto.name(), named);
        }
        Set<Member> leaders = new HashSet<>();
        String leader = model.leader();
        if (leader != null) {
            for (Sample sample : ask(leader, at, unanswered)) {
                if (sample.value() > 0) {
                    leaders.add(Member.of(sample.labels()));
                }
            }
        }
        return new Measurements(members, inputs, vetoed, leaders, unanswered);
    }

    private SortedMap<Member, Boolean> members(Instant at) throws QueryException {
        SortedMap<Member, Boolean> members = new TreeMap<>();
        for (String query : model.members()) {
            for (Sample sample : samples(query, at)) {
                if (!sample.labels().get("instance").isEmpty()) {
                    members.merge(Member.of(sample.labels()), sample.value() > 0, Boolean::logicalOr);
                }
            }
            if (!members.isEmpty()) {
                return members;
            }
        }
        return members;
    }

    private Map<Member, Input> inputs(
            ScoreModel.Indicator indicator, SortedMap<Member, Boolean> members, Instant at, List<String> unanswered) {
        Map<Member, Input> found = new HashMap<>();
        for (String query : indicator.inputs()) {
            for (Sample sample : ask(query, at, unanswered)) {
                found.merge(
                        Member.of(sample.labels()),
                        new Input(sample.value(), query),
                        (first, later) -> later.query().equals(first.query()) ? worse(first, later) : first);
            }
            if (found.keySet().containsAll(members.keySet())) {
                break;
            }
        }
        return found;
    }

    // Two series for one member, as two Prometheis or a relabeled target leave them: the higher value counts.
    private static Input worse(Input a, Input b) {
        return Double.isNaN(a.value()) || b.value() > a.value() ? b : a;
    }

    private List<Sample> ask(String query, Instant at, List<String> unanswered) {
        try {
            return samples(query, at);
        } catch (QueryException e) {
            unanswered.add(query + ": " + e.getMessage());
            return List.of();
        }
    }

    private List<Sample> samples(String query, Instant at) throws QueryException {
        QueryValue value = source.instant(query, at).value();
        if (value instanceof QueryValue.Vector vector) {
            return vector.samples();
        }
        throw new QueryException(
                QueryException.Kind.BAD_DATA, query + ": a score reads instant vectors, this is a " + value.type());
    }
}
