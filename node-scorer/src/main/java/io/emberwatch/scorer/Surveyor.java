package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
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
import org.jspecify.annotations.Nullable;

/** Asks a query source everything that a model wants to know; one query per signal, for all clusters at once. */
final class Surveyor {
    /** After so many questions that were not answered in time a source is too slow to be asked the rest. */
    static final int MOST_TIMEOUTS = 2;

    private final ScoreModel model;
    private final QuerySource source;
    private int timeouts;

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
        timeouts = 0;
        SortedMap<Member, Boolean> members = members(at);
        Set<Member> up = new HashSet<>();
        members.forEach((member, isUp) -> {
            if (isUp) {
                up.add(member);
            }
        });
        List<String> unanswered = new ArrayList<>();
        Map<String, Map<Member, Input>> inputs = new HashMap<>();
        Map<String, Set<Member>> vetoed = new HashMap<>();
        Set<Member> leaders = new HashSet<>();
        Set<Member> learners = new HashSet<>();
        if (!members.isEmpty()) {
            for (ScoreModel.Indicator indicator : model.indicators()) {
                inputs.put(indicator.name(), inputs(indicator, up, at, unanswered));
            }
            for (ScoreModel.Veto veto : model.vetoes()) {
                vetoed.put(veto.name(), vetoed(veto, up, at, unanswered));
            }
            leaders = positive(model.leader(), at, unanswered);
            leaders.retainAll(up);
            learners = positive(model.learners(), at, unanswered);
        }
        return new Measurements(at, members, inputs, vetoed, leaders, learners, unanswered);
    }

    // Clusters may be scraped in different ways; each is known in the first of them that tells of it.
    private SortedMap<Member, Boolean> members(Instant at) throws QueryException {
        SortedMap<Member, Boolean> members = new TreeMap<>();
        Set<Labels> known = new HashSet<>();
        for (String query : model.members()) {
            for (Sample sample : samples(query, at)) {
                Member member = member(sample);
                if (!member.name().isEmpty() && !known.contains(member.cluster())) {
                    members.merge(member, sample.value() > 0, Boolean::logicalOr);
                }
            }
            members.keySet().forEach(member -> known.add(member.cluster()));
        }
        return members;
    }

    private Map<Member, Input> inputs(
            ScoreModel.Indicator indicator, Set<Member> up, Instant at, List<String> unanswered) {
        Map<Member, Input> found = new HashMap<>();
        for (String query : indicator.inputs()) {
            for (Sample sample : ask(query, at, unanswered)) {
                found.merge(
                        member(sample),
                        new Input(sample.value(), query),
                        (first, later) -> later.query().equals(first.query()) ? worse(first, later) : first);
            }
            if (found.keySet().containsAll(up)) {
                break;
            }
        }
        return found;
    }

    // Two series for one member, as two Prometheis or a relabeled target leave them: the higher value counts.
    private static Input worse(Input a, Input b) {
        return Double.isNaN(a.value()) || b.value() > a.value() ? b : a;
    }

    // What a member said before it went down no longer holds.
    private Set<Member> vetoed(ScoreModel.Veto veto, Set<Member> up, Instant at, List<String> unanswered) {
        Set<Member> named = new HashSet<>();
        Set<Labels> clusters = new HashSet<>();
        for (Sample sample : ask(veto.query(), at, unanswered)) {
            Member member = member(sample);
            if (up.contains(member)) {
                named.add(member);
            }
            if (member.name().isEmpty() || up.contains(member)) {
                clusters.add(member.cluster());
            }
        }
        if (veto.scope() == ScoreModel.Scope.CLUSTER) {
            up.stream().filter(member -> clusters.contains(member.cluster())).forEach(named::add);
        }
        return named;
    }

    private Set<Member> positive(@Nullable String query, Instant at, List<String> unanswered) {
        Set<Member> members = new HashSet<>();
        if (query != null) {
            for (Sample sample : ask(query, at, unanswered)) {
                if (sample.value() > 0) {
                    members.add(member(sample));
                }
            }
        }
        return members;
    }

    private Member member(Sample sample) {
        return Member.of(sample.labels(), model.labels());
    }

    private List<Sample> ask(String query, Instant at, List<String> unanswered) {
        if (timeouts >= MOST_TIMEOUTS) {
            unanswered.add(query + ": not asked, others were not answered in time");
            return List.of();
        }
        try {
            return samples(query, at);
        } catch (QueryException e) {
            timeouts += e.kind() == QueryException.Kind.TIMEOUT ? 1 : 0;
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
