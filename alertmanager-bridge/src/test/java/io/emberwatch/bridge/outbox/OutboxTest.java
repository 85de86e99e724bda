package io.emberwatch.bridge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.ManualClock;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final String LONG = "group ".repeat(200);
    private static final Outbox.Asker ANNE = new Outbox.Asker("anne", "cli");

    private static final Instant START = Instant.parse("2026-11-21T01:00:00Z");
    private static final DedupPolicy POLICY = new DedupPolicy(Duration.ofMinutes(30), true);

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());
    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        outbox = open(folder, 64 << 20, POLICY);
    }

    private Outbox open(Path directory, long bytes, DedupPolicy policy) throws IOException {
        return Outbox.open(new Outbox.Options(directory, bytes, policy), metrics, clock.instant());
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private static NotifiedAlert alert(String name, boolean firing, Instant startsAt) {
        Labels labels = Labels.of("alertname", name);
        return new NotifiedAlert(
                NotifiedAlert.fingerprintOf(labels),
                labels,
                Labels.EMPTY,
                startsAt,
                firing ? null : startsAt.plusSeconds(60),
                "");
    }

    private static NotifiedAlert firing(String name) {
        return alert(name, true, START);
    }

    private static NotifiedAlert resolved(String name) {
        return alert(name, false, START);
    }

    private static Notification group(NotifiedAlert... alerts) {
        return new Notification("team", "{}:{}", Labels.of("cluster", "prod"), List.of(alerts), 0, "", "http://am");
    }

    private static Notification keyed(String groupKey, NotifiedAlert... alerts) {
        return new Notification("team", groupKey, Labels.of("cluster", "prod"), List.of(alerts), 0, "", "http://am");
    }

    private Taken take(Notification notification, String... channels) throws OutboxException {
        return Outbox.await(take(outbox, notification, channels));
    }

    private CompletableFuture<Taken> take(Outbox into, Notification notification, String... channels) {
        return into.take(new Received(
                "webhook",
                notification,
                Payload.of(WebhookJson.write(notification)),
                "headline",
                List.of(channels),
                clock.instant()));
    }

    private Verdict verdict(Notification notification) throws OutboxException {
        return take(notification, "chat").verdict();
    }

    private Lease lease(Taken taken) throws OutboxException {
        return Outbox.await(outbox.lease("chat", taken.lane()));
    }

    private Instant settle(Lease lease, Outcome outcome) throws OutboxException {
        return Outbox.await(outbox.settle(lease, outcome, clock.instant(), clock.instant()))
                .next();
    }

    @Test
    void theSameStateIsADuplicateWithinTheWindowAndARepeatAfterIt() throws IOException {
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.ACCEPTED);
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.DUPLICATE);
        clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.DUPLICATE);
        clock.advance(Duration.ofMillis(1));
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.REPEAT);
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void aRepetitionThatSaysSoIsNoDuplicate() throws IOException {
        verdict(group(firing("a")));
        Notification repeat = new Notification(
                "team",
                "{}:{}",
                Labels.of("cluster", "prod"),
                List.of(firing("a")),
                0,
                Notification.REPEAT,
                "http://am");
        assertThat(verdict(repeat)).isEqualTo(Verdict.REPEAT);
    }

    @Test
    void repeatsCanBeCountedOnly() throws IOException {
        outbox.close();
        outbox = open(folder, 64 << 20, new DedupPolicy(Duration.ofMinutes(30), false));
        take(group(firing("a")), "chat");
        clock.advance(Duration.ofHours(4));
        Taken repeat = take(group(firing("a")), "chat");
        assertThat(repeat.verdict()).isEqualTo(Verdict.REPEAT);
        assertThat(repeat.channels()).isEmpty();
    }

    @Test
    void everyChangeOfStateIsNews() throws IOException {
        for (Notification state : List.of(
                group(firing("a")),
                group(firing("a"), firing("b")),
                group(resolved("a"), firing("b")),
                group(resolved("a"), resolved("b")),
                group(firing("a")),
                group(resolved("a")),
                group(alert("a", true, START.plusSeconds(61))),
                group(resolved("a")),
                group(firing("a")))) {
            assertThat(verdict(state)).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void aStartThatDiffersALittleIsTheSameStateAndOneThatIsMuchLaterIsNot() throws IOException {
        verdict(group(firing("a")));
        assertThat(verdict(group(alert("a", true, START.plusSeconds(60))))).isEqualTo(Verdict.DUPLICATE);
        assertThat(verdict(group(alert("a", true, START.minusSeconds(600))))).isEqualTo(Verdict.DUPLICATE);
        assertThat(verdict(group(alert("a", true, START.plusSeconds(61))))).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void alertsThatTheSenderLeftOutAreAChange() throws IOException {
        verdict(group(firing("a")));
        assertThat(verdict(new Notification(
                        "team", "{}:{}", Labels.of("cluster", "prod"), List.of(firing("a")), 5, "", "")))
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void aResolutionToldAgainIsNeverNews() throws IOException {
        verdict(group(firing("a")));
        verdict(group(resolved("a")));
        clock.advance(Duration.ofHours(5));
        assertThat(verdict(group(resolved("a")))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void anIncidentLastsUntilAllIsResolvedAndTheNextFiringOpensAnother() throws IOException {
        String first = incident(take(group(firing("a")), "chat"));
        assertThat(incident(take(group(firing("a"), firing("b")), "chat"))).isEqualTo(first);
        assertThat(incident(take(group(resolved("a"), resolved("b")), "chat"))).isEqualTo(first);
        assertThat(incident(take(group(firing("a")), "chat"))).isNotEqualTo(first);
    }

    private String incident(Taken taken) throws OutboxException {
        return outbox.archive().row(taken.inbox()).incident();
    }

    @Test
    void anEditedRouteContinuesTheGroupWhenAnAlertDoes() throws IOException {
        Taken before = take(keyed("{}/{a=\"1\"}:{}", firing("a")), "chat");
        assertThat(take(keyed("{}/{a=\"2\"}:{}", resolved("a")), "chat").lane()).isEqualTo(before.lane());
        take(keyed("{}/{a=\"2\"}:{}", firing("a")), "chat");
        assertThat(take(keyed("{}/{a=\"3\"}:{}", firing("other")), "chat").lane())
                .isNotEqualTo(before.lane());
    }

    @Test
    void aChannelThatWasToldTheBeginningIsToldTheEnd() throws IOException {
        take(group(firing("a"), firing("b")), "pager", "chat");
        assertThat(take(group(resolved("a"), firing("b")), "chat").channels()).containsExactly("chat", "pager");
    }

    @Test
    void waitingStatesAreLeasedTogetherAndOnce() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        take(group(resolved("a")), "chat");
        Lease lease = lease(taken);
        assertThat(lease.inbox()).hasSize(2);
        assertThat(lease.attempt()).isEqualTo(1);
        assertThat(lease(taken)).isNull();
        assertThat(settle(lease, Outcome.Delivered.of("200"))).isNull();
        assertThat(lease(taken)).isNull();
    }

    @Test
    void aFailedAttemptTakesNewStatesAlong() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        assertThat(settle(lease(taken), Outcome.Retry.message("500", "why"))).isEqualTo(clock.instant());
        take(group(resolved("a")), "chat");
        Lease second = lease(taken);
        assertThat(second.inbox()).hasSize(2);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.past().unsure()).isFalse();
    }

    private Lease progress(Lease lease, String done) throws OutboxException {
        return Outbox.await(outbox.progress(lease, new Outcome.Progressed("200", done), clock.instant()));
    }

    @Test
    void aHalfDeliveredMessageStaysAsItIs() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        Lease rest = progress(lease(taken), "1");
        take(group(resolved("a")), "chat");
        assertThat(rest.inbox()).hasSize(1);
        assertThat(rest.past().progress()).isEqualTo("1");
        assertThat(rest.attempt()).isEqualTo(1);
        settle(progress(rest, "2"), Outcome.Delivered.of("200", "root"));
        Lease next = lease(taken);
        assertThat(next.inbox()).hasSize(1);
        assertThat(next.past().progress()).isNull();
        assertThat(next.past().reference()).isEqualTo("root");
    }

    @Test
    void whatIsGivenBackIsTakenUpWhereItWas() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        take(group(firing("a"), firing("b")), "chat");
        Lease rest = progress(lease(taken), "1");
        assertThat(Outbox.await(outbox.giveBack(rest))).isEqualTo(2);
        assertThat(Outbox.await(outbox.giveBack(rest))).isZero();
        take(group(resolved("a"), resolved("b")), "chat");
        Lease again = lease(taken);
        assertThat(again.inbox()).isEqualTo(rest.inbox());
        assertThat(again.past()).isEqualTo(rest.past());
        assertThat(again.attempt()).isEqualTo(rest.attempt());
    }

    @Test
    void ofAHalfDeliveredMessageTheRestIsUnsureAfterACrash() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        take(group(firing("a"), firing("b")), "chat");
        Lease rest = progress(lease(taken), "1");
        outbox.close();
        outbox = open(folder, 64 << 20, POLICY);
        take(group(resolved("a"), resolved("b")), "chat");
        Lease again = lease(taken);
        assertThat(again.inbox()).isEqualTo(rest.inbox());
        assertThat(again.past().progress()).isEqualTo("1");
        assertThat(again.past().unsure()).isTrue();
    }

    @Test
    void thoseWhoAreToGetItLaterDoNotHoldUpTheOthers() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        Outbox.Settled settled = Outbox.await(outbox.settle(
                lease(taken),
                new Outcome.Delivered("250", "root", List.of(new Outcome.Refusal("bad@x", "550", "unknown")), "grey@x"),
                clock.instant(),
                clock.instant().plusSeconds(5)));
        assertThat(settled.next()).isNull();
        assertThat(settled.split()).isNotNull();
        assertThat(settled.split().lane()).isNegative();
        assertThat(settled.split().due()).isEqualTo(clock.instant().plusSeconds(5));
        take(group(resolved("a")), "chat");
        assertThat(lease(taken).inbox()).hasSize(1);
        Lease later = Outbox.await(outbox.lease("chat", settled.split().lane()));
        assertThat(later.past().progress()).isEqualTo("grey@x");
        assertThat(later.past().reference()).isEqualTo("root");
        assertThat(later.attempt()).isEqualTo(2);
        assertThat(outbox.archive().deadLetters(false, 10))
                .extracting(Archive.DeadLetter::target)
                .containsExactly("bad@x");
    }

    @Test
    void aDeadLetterIsSentAgainAsItWasAndOnce() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        take(group(resolved("a")), "chat");
        settle(lease(taken), new Outcome.Rejected("400", "no"));
        long letter = outbox.archive().deadLetters(false, 10).get(0).id();
        Outbox.Waiting again = Outbox.await(outbox.replay(letter, ANNE, clock.instant()));
        assertThat(Outbox.await(outbox.replay(letter, ANNE, clock.instant()))).isNull();
        take(group(firing("a")), "chat");
        Lease replay = Outbox.await(outbox.lease("chat", again.lane()));
        assertThat(replay.inbox()).hasSize(2);
        assertThat(replay.past().replay()).isTrue();
        settle(replay, new Outcome.Rejected("400", "no again"));
        long second = outbox.archive().deadLetters(false, 10).get(0).id();
        assertThat(second).isNotEqualTo(letter);
        assertThat(Outbox.await(outbox.replay(second, ANNE, clock.instant()))).isNotNull();
    }

    @Test
    void aDiscardedLetterIsGoneAndKeepsNothingBack() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        settle(lease(taken), new Outcome.Rejected("400", "no"));
        assertThat(outbox.prune(clock.instant(), Instant.EPOCH).isNothing()).isTrue();
        clock.advance(Duration.ofDays(1));
        outbox.prune(clock.instant(), Instant.EPOCH);
        assertThat(outbox.archive().entries(Long.MAX_VALUE, 10))
                .as("what can be sent again is kept")
                .hasSize(1);
        long letter = outbox.archive().deadLetters(false, 10).get(0).id();
        assertThat(outbox.archive().letterRow(letter)).isNotNull();
        assertThat(Outbox.await(outbox.discard(letter, ANNE, clock.instant()))).isTrue();
        assertThat(Outbox.await(outbox.discard(letter, ANNE, clock.instant()))).isFalse();
        assertThat(Outbox.await(outbox.replay(letter, ANNE, clock.instant()))).isNull();
        assertThat(outbox.archive().deadLetters(true, 10)).isEmpty();
        assertThat(outbox.incidents().deeds(10)).singleElement().satisfies(deed -> {
            assertThat(deed.who()).isEqualTo("anne");
            assertThat(deed.action()).isEqualTo("discard");
            assertThat(deed.detail()).isEqualTo("dead letter 1 of chat");
        });
        outbox.prune(clock.instant(), Instant.EPOCH);
        assertThat(outbox.archive().entries(Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void whatWasBeingDeliveredIsDeliveredAgainAfterACrash() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        lease(taken);
        outbox.close();
        outbox = open(folder, 64 << 20, POLICY);
        assertThat(outbox.archive().waiting("chat", 10)).hasSize(1);
        Lease again = lease(taken);
        assertThat(again.past().unsure()).isTrue();
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void aTornLogStillOpensWithWhatWasCommittedBefore() throws IOException {
        for (int i = 0; i < 50; i++) {
            take(keyed("group " + i, firing("a" + i)), "chat");
        }
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String file : List.of("outbox.db", "outbox.db-wal")) {
            Files.copy(folder.resolve(file), copy.resolve(file));
        }
        try (FileChannel log = FileChannel.open(copy.resolve("outbox.db-wal"), StandardOpenOption.WRITE)) {
            log.truncate(log.size() - 1234);
        }
        try (Outbox torn = open(copy, 64 << 20, POLICY)) {
            assertThat(torn.archive().waiting("chat", 100)).hasSizeBetween(40, 49);
            assertThat(Outbox.await(take(torn, keyed("new", firing("new")), "chat"))
                            .verdict())
                    .isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void whileItIsLockedItRefusesAndThenRecovers() throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("outbox.db"));
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> take(group(firing("a")), "chat"))
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining("locked");
            assertThat(outbox.fault()).contains("locked");
            statement.execute("ROLLBACK");
        }
        assertThat(verdict(group(firing("a")))).isEqualTo(Verdict.ACCEPTED);
        assertThat(outbox.fault()).isNull();
    }

    @Test
    void whenItIsFullItRefusesAndForgetsWhatWasDeliveredToGoOn() throws IOException {
        outbox.close();
        outbox = open(folder.resolve("small"), 1 << 20, POLICY);
        List<Taken> all = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        all.add(take(keyed("group " + i, firing("a".repeat(2000) + i)), "chat"));
                    }
                })
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("may hold 1048576");
        assertThatThrownBy(() -> outbox.probe(clock.instant(), Duration.ofSeconds(1)))
                .isInstanceOf(OutboxException.class);
        assertThat(outbox.prune(START, START).isNothing())
                .as("nothing was delivered yet")
                .isTrue();
        for (Taken taken : all) {
            settle(lease(taken), Outcome.Delivered.of("200"));
        }
        assertThat(outbox.prune(START, START).notifications()).isPositive();
        outbox.probe(clock.instant(), Duration.ofSeconds(1));
        assertThat(take(keyed("group 0", resolved("a".repeat(2000) + 0))).verdict())
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void groupsThatNeverEndDoNotFillItForGood() throws IOException {
        outbox.close();
        outbox = open(folder.resolve("small"), 1 << 20, POLICY);
        int groups = 0;
        int forgotten = 0;
        // More than a megabyte of the groups alone, though all that they told is delivered.
        while (groups < 800) {
            Taken taken = take(keyed(LONG + groups, firing("a" + groups)), "chat");
            settle(lease(taken), Outcome.Delivered.of("200"));
            groups++;
            if (groups % 10 == 0) {
                forgotten += outbox.prune(START, START).groups();
            }
        }
        assertThat(forgotten).isPositive().isLessThan(groups);
        assertThat(outbox.measure()).isLessThan(1 << 20);
        assertThat(verdict(keyed(LONG + 799, firing("a799"))))
                .as("what was heard of last is known still")
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(verdict(keyed(LONG + 0, firing("a0"))))
                .as("what was not heard of for longest is news again")
                .isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void whatIsOverIsForgottenBeforeWhatGoesOnTheOldestFirst() throws IOException {
        outbox.close();
        outbox = open(folder.resolve("small"), 1 << 20, POLICY);
        List<Taken> open = new ArrayList<>();
        List<Taken> over = new ArrayList<>();
        while (outbox.measure() < (1 << 20) * 95 / 100) {
            String number = "-" + open.size();
            Taken firing = take(keyed("group" + number, firing("a".repeat(20_000) + number)), "chat");
            settle(lease(firing), Outcome.Delivered.of("200"));
            open.add(firing);
            Taken fired = take(keyed("over" + number, firing("b".repeat(20_000) + number)), "chat");
            settle(lease(fired), Outcome.Delivered.of("200"));
            Taken ended = take(keyed("over" + number, resolved("b".repeat(20_000) + number)), "chat");
            settle(lease(ended), Outcome.Delivered.of("200"));
            over.add(ended);
        }
        assertThat(outbox.prune(START, START).notifications()).isPositive().isLessThanOrEqualTo(2 * over.size());
        assertThat(outbox.measure()).isLessThan((1 << 20) / 10 * 9);
        assertThat(outbox.archive().row(over.get(0).inbox())).isNull();
        for (Taken taken : open) {
            assertThat(outbox.archive().row(taken.inbox())).isNotNull();
        }
    }

    @Test
    void manyTakenAtOnceAreAllTaken() throws IOException {
        List<CompletableFuture<Taken>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(take(outbox, keyed("group " + i, firing("a" + i)), "chat"));
        }
        for (CompletableFuture<Taken> answer : answers) {
            assertThat(Outbox.await(answer).verdict()).isEqualTo(Verdict.ACCEPTED);
        }
        assertThat(outbox.archive().waiting("chat", 1000)).hasSize(500);
        assertThat(outbox.archive().backlog().get("chat").depth()).isEqualTo(500);
    }

    @Test
    void whateverIsTakenInTogetherGetsNumbersOfItsOwn() throws IOException {
        List<CompletableFuture<Taken>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(
                    i % 3 == 0
                            ? outbox.take(new Noticed(
                                    "kind" + i, "", "title", "text " + i, Payload.EMPTY, List.of("chat"), START))
                            : take(outbox, keyed("group " + i, firing("text " + i)), "chat"));
        }
        List<Taken> taken = new ArrayList<>();
        for (CompletableFuture<Taken> answer : answers) {
            taken.add(Outbox.await(answer));
        }

        assertThat(taken.stream().map(Taken::inbox)).doesNotHaveDuplicates();
        assertThat(taken.stream().map(Taken::lane)).doesNotHaveDuplicates();
        List<InboxRow> rows =
                outbox.archive().rows(taken.stream().map(Taken::inbox).toList());
        assertThat(rows.stream().map(InboxRow::id))
                .isEqualTo(taken.stream().map(Taken::inbox).toList());
        for (int i = 0; i < rows.size(); i++) {
            InboxRow row = rows.get(i);
            assertThat(row.detail() + row.raw().text(10_000)).contains("text " + i);
        }
    }

    @Test
    void whatWasToldWithANewerStateSaysSo() throws IOException {
        Taken first = take(group(firing("a")), "chat");
        Taken second = take(group(firing("a"), firing("b")), "chat");
        Taken third = take(group(firing("b")), "chat");

        settle(lease(third), Outcome.Delivered.of("200"));

        assertThat(events(first)).containsExactly("received", "queued", "coalesced");
        assertThat(events(second)).containsExactly("received", "queued", "coalesced");
        assertThat(events(third)).containsExactly("received", "queued", "delivered");
    }

    private List<String> events(Taken taken) throws OutboxException {
        return outbox.archive().entries(taken.inbox() + 1, 1).get(0).trail().stream()
                .map(Archive.Event::event)
                .toList();
    }

    @Test
    void oldDeliveredNotificationsAreForgottenAndOthersKept() throws IOException {
        Taken delivered = take(keyed("1", firing("a")), "chat");
        settle(lease(delivered), Outcome.Delivered.of("200"));
        take(keyed("1", resolved("a")));
        Taken dead = take(keyed("2", firing("b")), "chat");
        settle(lease(dead), new Outcome.Rejected("400", "no"));
        Taken waiting = take(keyed("3", firing("c")), "chat");
        Taken firing = take(keyed("4", firing("d")), "chat");
        settle(lease(firing), Outcome.Delivered.of("200"));
        clock.advance(Duration.ofDays(8));
        outbox.prune(clock.instant().minus(Duration.ofDays(7)), clock.instant().minus(Duration.ofDays(30)));
        assertThat(outbox.archive().row(delivered.inbox())).isNull();
        assertThat(outbox.archive().row(dead.inbox())).isNotNull();
        assertThat(outbox.archive().row(waiting.inbox())).isNotNull();
        assertThat(outbox.archive().row(firing.inbox())).isNull();
    }

    @Test
    void listingAndReplayWorkBesideTheRunningBridge() throws IOException {
        Taken taken = take(group(firing("a")), "chat");
        settle(lease(taken), new Outcome.Rejected("400", "no"));
        try (Outbox beside = Outbox.attach(new Outbox.Options(folder, 64 << 20, POLICY), metrics)) {
            Archive.DeadLetter letter = beside.archive().deadLetters(false, 10).get(0);
            assertThat(Outbox.await(beside.replay(letter.id(), ANNE, clock.instant())))
                    .isNotNull();
        }
        assertThat(outbox.archive().waiting("chat", 10)).hasSize(1);
    }
}
