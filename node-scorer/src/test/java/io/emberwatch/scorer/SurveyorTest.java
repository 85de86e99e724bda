package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.service.config.ConfigReader;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SurveyorTest {
    private static final Member M0 = member("c", "m0");
    private static final Member M1 = member("c", "m1");

    private final Answers answers = new Answers();

    private static Member member(String cluster, String instance) {
        return new Member(Labels.of("cluster", cluster), instance);
    }

    private Measurements measure() throws Exception {
        ScoreModel model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);
        return new Surveyor(model, answers).measure(Instant.EPOCH);
    }

    @Test
    void asksEachSignalOnceForAllClusters() throws Exception {
        answers.series("present", 1, "cluster", "a", "instance", "m0")
                .series("present", 1, "cluster", "b", "instance", "m0")
                .series("disk", 0.1, "cluster", "a", "instance", "m0")
                .series("disk", 0.2, "cluster", "b", "instance", "m0");

        Measurements measured = measure();

        assertThat(measured.members()).containsOnlyKeys(member("a", "m0"), member("b", "m0"));
        assertThat(measured.inputs().get("disk"))
                .containsEntry(member("a", "m0"), new Input(0.1, "disk"))
                .containsEntry(member("b", "m0"), new Input(0.2, "disk"));
        assertThat(answers.asked())
                .containsExactly("present", "present_before", "disk", "wires", "frozen", "full", "leads", "learns");
    }

    @Test
    void ofTwoSeriesForOneMemberTheWorseCounts() throws Exception {
        answers.member("present", "m0", 1)
                .series("disk", 0.1, "cluster", "c", "instance", "m0", "prometheus", "a")
                .series("disk", 0.3, "cluster", "c", "instance", "m0", "prometheus", "b")
                .series("wires", Double.NaN, "cluster", "c", "instance", "m0", "prometheus", "a")
                .series("wires", 2, "cluster", "c", "instance", "m0", "prometheus", "b");

        Measurements measured = measure();

        assertThat(measured.inputs().get("disk")).containsEntry(M0, new Input(0.3, "disk"));
        assertThat(measured.inputs().get("wires")).containsEntry(M0, new Input(2, "wires"));
    }

    @Test
    void aValueBeatsNotANumberWhicheverComesFirst() throws Exception {
        answers.member("present", "m0", 1).member("wires", "m0", 2).member("wires", "m0", Double.NaN);

        assertThat(measure().inputs().get("wires")).containsEntry(M0, new Input(2, "wires"));
    }

    @Test
    void aMemberIsUpWhenAnyObserverSaysSo() throws Exception {
        answers.series("present", 0, "cluster", "c", "instance", "m0", "prometheus", "a")
                .series("present", 1, "cluster", "c", "instance", "m0", "prometheus", "b")
                .member("present", "m1", 0);

        assertThat(measure().members()).containsEntry(M0, true).containsEntry(M1, false);
    }

    @Test
    void aMemberThatTheFirstInputDoesNotKnowIsFoundByTheNext() throws Exception {
        answers.member("present", "m0", 1)
                .member("present", "m1", 1)
                .member("disk", "m0", 0.1)
                .member("disk_before", "m0", 0.9)
                .member("disk_before", "m1", 0.2);

        assertThat(measure().inputs().get("disk"))
                .containsEntry(M0, new Input(0.1, "disk"))
                .containsEntry(M1, new Input(0.2, "disk_before"));
    }

    @Test
    void aClusterIsKnownByTheFirstQueryThatTellsOfIt() throws Exception {
        answers.series("present_before", 1, "cluster", "c", "instance", "m1")
                .series("present_before", 1, "cluster", "elsewhere", "instance", "m2");
        assertThat(measure().members()).containsOnlyKeys(M1, member("elsewhere", "m2"));

        answers.member("present", "m0", 1);
        assertThat(measure().members()).containsOnlyKeys(M0, member("elsewhere", "m2"));
    }

    @Test
    void seriesWithoutInstanceAreNoMembersAndAClusterMayHaveNoName() throws Exception {
        answers.series("present", 1, "cluster", "c").series("present", 1, "instance", "m0");

        assertThat(measure().members()).containsOnlyKeys(new Member(Labels.EMPTY, "m0"));
    }

    @Test
    void aMemberThatIsDownNeedsNoInputs() throws Exception {
        answers.member("present", "m0", 1).member("present", "m1", 0).member("disk", "m0", 0.1);

        measure();

        assertThat(answers.asked()).doesNotContain("disk_before");
    }

    @Test
    void whatAMemberSaidBeforeItWentDownNoLongerHolds() throws Exception {
        answers.member("present", "m0", 1)
                .member("present", "m1", 0)
                .member("leads", "m1", 1)
                .member("frozen", "m1", 1);

        Measurements measured = measure();

        assertThat(measured.leaders()).isEmpty();
        assertThat(measured.vetoed().get("frozen")).isEmpty();
    }

    @Test
    void aVetoOnAClusterNamesAllItsMembersThatAreUp() throws Exception {
        answers.member("present", "m0", 1)
                .member("present", "m1", 1)
                .member("present", "m2", 0)
                .series("present", 1, "cluster", "d", "instance", "m0")
                .member("full", "m1", 1);

        assertThat(measure().vetoed().get("full")).containsExactlyInAnyOrder(M0, M1);
    }

    @Test
    void aVetoOnAClusterMayNameTheClusterAlone() throws Exception {
        answers.member("present", "m0", 1).member("present", "m1", 1).series("full", 1, "cluster", "c");

        assertThat(measure().vetoed().get("full")).containsExactlyInAnyOrder(M0, M1);
    }

    @Test
    void aFailingQueryIsNamedAndTheOthersGoOn() throws Exception {
        answers.member("present", "m0", 1)
                .failing("disk", "query timed out")
                .member("disk_before", "m0", 0.2)
                .failing("frozen", "too many samples")
                .member("wires", "m0", 0);

        Measurements measured = measure();

        assertThat(measured.unanswered()).containsExactly("disk: query timed out", "frozen: too many samples");
        assertThat(measured.inputs().get("disk")).containsEntry(M0, new Input(0.2, "disk_before"));
        assertThat(measured.inputs().get("wires")).containsEntry(M0, new Input(0, "wires"));
    }

    @Test
    void withoutMembersThereIsNothingToMeasure() {
        answers.failing("present", "connection refused");

        assertThatThrownBy(this::measure).isInstanceOf(QueryException.class).hasMessageContaining("connection refused");
    }

    @Test
    void anInputThatIsNoVectorIsRefusedByName() throws Exception {
        answers.member("present", "m0", 1).value("disk", new QueryValue.Scalar(0, 1));

        assertThat(measure().unanswered())
                .containsExactly("disk: disk: a score reads instant vectors, this is a scalar");
    }
}
