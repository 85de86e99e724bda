package io.emberwatch.scorer.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import io.emberwatch.scorer.heatmap.Heatmap.Column;
import io.emberwatch.scorer.heatmap.Heatmap.Slot;
import io.emberwatch.scorer.heatmap.HeatmapRequest.Calculation;
import io.emberwatch.scorer.heatmap.HeatmapRequest.Columns;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeatmapReaderTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** The hour of the day in UTC as a score, so that cells tell whose hour they are. */
    private static double hourUtc(Instant at) {
        return at.getEpochSecond() / 3600 % 24 / 10.0;
    }

    private static Column onlyDay(RecordedScores source, String now, ZoneId zone) throws Exception {
        Heatmap heatmap = new HeatmapReader(source).read(HeatmapRequest.of("prod", 1, zone), Instant.parse(now));
        assertThat(heatmap.columns()).hasSize(1);
        return heatmap.columns().get(0);
    }

    private static List<Double> scores(Slot slot) {
        return slot.cells().stream().map(Cell::score).toList();
    }

    @Test
    void aDayHasItsHoursInItsOwnZone() throws Exception {
        Column day = onlyDay(new RecordedScores(HeatmapReaderTest::hourUtc), "2025-07-01T21:59:00Z", BERLIN);

        assertThat(day.label()).isEqualTo("1 Jul");
        assertThat(scores(day.slots().get(0))).as("22:00 UTC of the day before").containsExactly(2.2);
        assertThat(scores(day.slots().get(2))).containsExactly(0.0);
        assertThat(scores(day.slots().get(23))).containsExactly(2.1);
    }

    @Test
    void theDayInSpringHasTwentyThreeHours() throws Exception {
        Column day = onlyDay(new RecordedScores(HeatmapReaderTest::hourUtc), "2025-03-30T21:59:00Z", BERLIN);

        assertThat(scores(day.slots().get(1))).containsExactly(0.0);
        assertThat(day.slots().get(2).cells()).isEmpty();
        assertThat(scores(day.slots().get(3))).containsExactly(0.1);
        assertThat(day.slots()).flatExtracting(Slot::cells).hasSize(23);
    }

    @Test
    void theDayInAutumnHasTwentyFiveHours() throws Exception {
        Column day = onlyDay(new RecordedScores(HeatmapReaderTest::hourUtc), "2025-10-26T22:59:00Z", BERLIN);

        assertThat(scores(day.slots().get(2))).containsExactly(0.0, 0.1);
        assertThat(day.slots().get(2).cells())
                .extracting(Cell::label)
                .containsExactly("Sun 26 Oct 2025 02:00 +02:00", "Sun 26 Oct 2025 02:00 +01:00");
        assertThat(scores(day.slots().get(3))).containsExactly(0.2);
        assertThat(day.slots()).flatExtracting(Slot::cells).hasSize(25);
    }

    @Test
    void zonesWithHalfHoursHaveTheirOwnHours() throws Exception {
        // Worst at half past: the beginning of an hour in Kolkata.
        RecordedScores source =
                new RecordedScores(at -> at.getEpochSecond() / 60 % 60 == 30 ? at.getEpochSecond() / 3600 % 24 : 50);
        Column day = onlyDay(source, "2025-07-01T18:29:00Z", ZoneId.of("Asia/Kolkata"));

        assertThat(IntStream.range(0, 24)
                        .mapToObj(hour -> scores(day.slots().get(hour)).get(0)))
                .startsWith(18.0, 19.0)
                .endsWith(16.0, 17.0);
    }

    @Test
    void aChangeByHalfAnHourMakesTwoPartsOfOneHour() throws Exception {
        Column day = onlyDay(new RecordedScores(at -> 9), "2026-04-05T13:00:00Z", ZoneId.of("Australia/Lord_Howe"));

        assertThat(day.slots().get(1).cells()).hasSize(2);
        assertThat(day.slots()).flatExtracting(Slot::cells).hasSize(25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"})
    void noScoreIsLostOrCountedTwiceInAYearOfAnyZone(String zone) throws Exception {
        for (int month = 1; month <= 12; month++) {
            Instant now = Instant.parse(String.format("2025-%02d-28T12:00:00Z", month));
            Heatmap heatmap = new HeatmapReader(new RecordedScores(HeatmapReaderTest::hourUtc))
                    .read(HeatmapRequest.of("prod", 31, ZoneId.of(zone)), now);
            List<Cell> cells = heatmap.columns().stream()
                    .flatMap(column -> column.slots().stream())
                    .filter(slot -> !slot.isFuture())
                    .flatMap(slot -> slot.cells().stream())
                    .toList();

            assertThat(cells).allMatch(Cell::isKnown).extracting(Cell::label).doesNotHaveDuplicates();
        }
    }

    @Test
    void anHourWithoutScoresIsUnknownAndOneToComeIsToCome() throws Exception {
        Instant silent = Instant.parse("2025-07-01T05:00:00Z");
        Column day = onlyDay(
                new RecordedScores(at -> at.isBefore(silent) ? 9 : Double.NaN),
                "2025-07-01T08:30:00Z",
                ZoneId.of("UTC"));

        assertThat(scores(day.slots().get(4))).containsExactly(9.0);
        assertThat(day.slots().get(5).cells().get(0).isKnown()).isFalse();
        assertThat(day.slots().get(8).isFuture()).isFalse();
        assertThat(day.slots().get(9).isFuture()).isTrue();
    }

    @Test
    void aCellShowsTheWorstOrTheMeanOfItsHour() throws Exception {
        RecordedScores source = new RecordedScores(at -> at.getEpochSecond() % 3600 == 0 ? 4 : 10);
        Instant now = Instant.parse("2025-07-01T23:59:00Z");
        HeatmapRequest mean = new HeatmapRequest(
                HeatmapRequest.DEFAULT_METRIC, null, 1, ZoneId.of("UTC"), Columns.DAY, Calculation.MEAN);

        assertThat(scores(onlyDay(source, now.toString(), ZoneId.of("UTC"))
                        .slots()
                        .get(7)))
                .containsExactly(4.0);
        assertThat(new HeatmapReader(source)
                        .read(mean, now)
                        .columns()
                        .get(0)
                        .slots()
                        .get(7)
                        .cells()
                        .get(0)
                        .score())
                .isEqualTo(9.5);
    }

    @Test
    void hoursOfTheWeekTakeAllDaysTogether() throws Exception {
        Instant bad = Instant.parse("2025-07-08T03:00:00Z");
        HeatmapRequest week = new HeatmapRequest(
                HeatmapRequest.DEFAULT_METRIC, "prod", 28, ZoneId.of("UTC"), Columns.WEEKDAY, Calculation.MIN);
        Heatmap heatmap = new HeatmapReader(new RecordedScores(at -> at.equals(bad) ? 1 : 10))
                .read(week, Instant.parse("2025-07-20T12:00:00Z"));

        assertThat(heatmap.columns())
                .extracting(Column::label)
                .startsWith("Mon", "Tue")
                .endsWith("Sun");
        assertThat(scores(heatmap.columns().get(1).slots().get(3))).containsExactly(1.0);
        assertThat(scores(heatmap.columns().get(2).slots().get(3))).containsExactly(10.0);
    }

    @Test
    void eventsAreToldInTheirHour() throws Exception {
        Column day = onlyDay(
                new RecordedScores(at -> 9).leaderChanged("2025-07-01T03:00:00Z"),
                "2025-07-01T20:00:00Z",
                ZoneId.of("UTC"));

        assertThat(day.slots().get(2).cells().get(0).events()).isEmpty();
        assertThat(day.slots().get(3).cells().get(0).events()).containsExactly("leader changed");
    }

    @Test
    void whatOthersTellOfIsAnEventOfItsOwnName() throws Exception {
        Column day = onlyDay(
                new RecordedScores(at -> 9)
                        .happened("2025-07-01T03:10:00Z", "deployment of shop 4.2")
                        .happened("2025-07-01T03:20:00Z", "silence: disks are exchanged")
                        .happened("2025-07-01T05:10:00Z", "x".repeat(500)),
                "2025-07-01T20:00:00Z",
                ZoneId.of("UTC"));

        assertThat(day.slots().get(3).cells().get(0).events())
                .containsExactly("deployment of shop 4.2", "silence: disks are exchanged");
        assertThat(day.slots().get(5).cells().get(0).events())
                .singleElement()
                .asString()
                .hasSize(81);
    }

    @Test
    void aSourceThatKnowsNoEventsStillHasAHeatmap() throws Exception {
        Column day = onlyDay(new RecordedScores(at -> 9).withoutEvents(), "2025-07-01T20:00:00Z", BERLIN);

        assertThat(scores(day.slots().get(3))).containsExactly(9.0);
    }

    @ParameterizedTest
    @CsvSource({"prod, ''", ", 'a,b'", "c, 'a,b'"})
    void whichClusterMustBeClear(String wanted, String known) {
        String[] clusters = known.isEmpty() ? new String[] {"other"} : known.split(",", -1);
        HeatmapReader reader = new HeatmapReader(new RecordedScores(at -> 9, clusters));

        assertThatThrownBy(() -> reader.read(HeatmapRequest.of(wanted, 1, BERLIN), Instant.EPOCH))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining(clusters[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 94, Integer.MAX_VALUE})
    void theNumberOfDaysIsBounded(int days) {
        assertThatThrownBy(() -> HeatmapRequest.of("prod", days, BERLIN)).hasMessageContaining("expected 1 to 93");
    }
}
