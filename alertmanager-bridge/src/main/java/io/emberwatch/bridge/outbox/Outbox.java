package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was received and is still to be delivered, on disk. Every answer of a method that changes something comes after
 * the commit, fsync included.
 */
public final class Outbox implements AutoCloseable {
    private static final String FILE = "outbox.db";
    private static final int MAX_CHUNKS = 50;
    private static final int ROW_BYTES = 1024;
    private static final long SPARE_BYTES = 32L << 20;

    private final Database database;
    private final CommitThread commits;
    private final Intake intake;
    private final Archive archive;
    private final Incidents incidents;
    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private @Nullable FileChannel lockFile;

    /**
     * Where it is and how large it may grow.
     *
     * @param directory made when it is not there
     * @param maxBytes beyond which nothing more is taken in; what delivering needs has some room more
     * @param dedup when a state told again is news
     * @param calm when states are gathered
     * @param quiet when channels may be disturbed
     */
    public record Options(Path directory, long maxBytes, DedupPolicy dedup, CalmPolicy calm, Quiet quiet) {
        /** With neither digests nor damping nor quiet hours. */
        public Options(Path directory, long maxBytes, DedupPolicy dedup) {
            this(directory, maxBytes, dedup, CalmPolicy.NONE, Quiet.NEVER);
        }
    }

    /**
     * Somebody who decides about a dead letter, for the audit.
     *
     * @param via {@code page}, {@code api} or {@code cli}
     */
    public record Asker(String who, String via) {}

    /** A group that has something to deliver over a channel, and from when on. Negative numbers are groups of one. */
    public record Waiting(String channel, long lane, Instant due) {}

    private Outbox(Options options, BridgeMetrics metrics) {
        database = new Database(options.directory().resolve(FILE), options.maxBytes() + SPARE_BYTES);
        commits = new CommitThread(database, metrics);
        intake = new Intake(options.dedup(), new Calm(options.calm(), options.quiet()));
        archive = new Archive(database);
        incidents = new Incidents(archive, options.calm().flapChanges());
        maxBytes = options.maxBytes();
    }

    /**
     * Opens it for one process alone and queues again what a crash interrupted.
     *
     * @throws OutboxHeldException when another process has it
     * @throws IOException when the folder cannot be used; the message says why
     */
    public static Outbox open(Options options, BridgeMetrics metrics, Instant now) throws IOException {
        Files.createDirectories(options.directory());
        Outbox outbox = new Outbox(options, metrics);
        outbox.lock(options.directory().resolve("outbox.lock"));
        try {
            outbox.begin();
            await(outbox.commits.submit(sql -> Leasing.recover(sql, now.toEpochMilli())));
            outbox.measure();
        } catch (IOException e) {
            outbox.close();
            throw e;
        }
        return outbox;
    }

    /**
     * Opens it beside the process that has it, to list and to replay.
     *
     * @throws IOException when there is none
     */
    public static Outbox attach(Options options, BridgeMetrics metrics) throws IOException {
        if (!Files.exists(options.directory().resolve(FILE))) {
            throw new IOException(options.directory() + ": there is no outbox; nothing was ever received here");
        }
        Outbox outbox = new Outbox(options, metrics);
        outbox.begin();
        return outbox;
    }

    private void lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lockFile = channel;
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new OutboxHeldException(
                    database.file() + ": another bridge has this outbox; stop it or choose another outbox.directory");
        }
    }

    private void begin() throws IOException {
        try {
            commits.start();
        } catch (SQLException e) {
            close();
            throw new OutboxException(database.file() + ": " + Database.explain(e), e);
        }
    }

    /** Waits for an answer of this class, at most a minute. */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> answer) throws OutboxException {
        return await(answer, Duration.ofMinutes(1));
    }

    /** Waits for an answer of this class, at most so long; the work may be done later all the same. */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> answer, Duration patience)
            throws OutboxException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutboxException("interrupted", e);
        }
    }

    private static OutboxException failure(@Nullable Throwable cause) {
        if (cause instanceof OutboxException known) {
            return known;
        }
        return new OutboxException(
                cause instanceof TimeoutException ? "the disk did not answer in time" : String.valueOf(cause), cause);
    }

    /** Takes a notification in, unless the outbox is as large as it may be. */
    public CompletableFuture<Taken> take(Received received) {
        return takeIfRoom(received.raw().size(), sql -> intake.take(sql, received));
    }

    /** Takes in what could not be read, or a notice. */
    public CompletableFuture<Taken> take(Noticed noticed) {
        return takeIfRoom(noticed.raw().size(), sql -> intake.notice(sql, noticed));
    }

    private CompletableFuture<Taken> takeIfRoom(int bytes, CommitThread.Work<Taken> work) {
        if (isFull()) {
            return CompletableFuture.failedFuture(full());
        }
        long share = (long) bytes + ROW_BYTES;
        usedBytes.addAndGet(share);
        return commits.submit(work).whenComplete((taken, failure) -> {
            if (taken == null || taken.verdict() == BridgeMetrics.Verdict.DUPLICATE) {
                usedBytes.addAndGet(-share);
            }
        });
    }

    private boolean isFull() {
        return usedBytes.get() >= maxBytes;
    }

    private OutboxException full() {
        return new OutboxException("the outbox holds " + usedBytes.get() + " bytes and may hold " + maxBytes, null);
    }

    /**
     * Makes dead letters of what waits for channels that there are no longer.
     *
     * @param channels those that there are
     * @return how many messages, by channel
     */
    public CompletableFuture<Map<String, Integer>> retire(List<String> channels, Instant now) {
        return commits.submit(sql -> Leasing.retire(sql, channels, now));
    }

    /** Takes out what a channel is to be told now of a group, for this caller alone; null when nothing waits. */
    public CompletableFuture<@Nullable Lease> lease(String channel, long lane) {
        return commits.submit(sql -> Leasing.lease(sql, channel, lane));
    }

    /** Puts down that a part of what was leased is delivered; the answer is the lease of the rest. */
    public CompletableFuture<Lease> progress(Lease lease, Outcome.Progressed outcome, Instant now) {
        return commits.submit(sql -> Leasing.progress(sql, lease, outcome, now));
    }

    /** Queues again what was leased and is not being delivered. */
    public CompletableFuture<Integer> giveBack(Lease lease) {
        return commits.submit(sql -> Leasing.giveBack(sql, lease));
    }

    /**
     * What is to be done after a lease was settled.
     *
     * @param next when the group's next state may go, or null when none waits
     * @param split a new group that some of the message's receivers were put into, or null
     */
    public record Settled(@Nullable Instant next, @Nullable Waiting split) {}

    /**
     * Puts down what became of a lease.
     *
     * @param outcome anything but {@link Outcome.Progressed}, which {@link #progress} puts down
     * @param due when to try again, if that is to be
     */
    public CompletableFuture<Settled> settle(Lease lease, Outcome outcome, Instant now, Instant due) {
        return commits.submit(sql -> {
            Waiting split = Leasing.settle(sql, lease, outcome, now, due);
            return new Settled(Leasing.due(sql, lease.channel(), lease.lane()), split);
        });
    }

    /** Queues a dead letter again; null when there is none of that number that was not sent again already. */
    public CompletableFuture<@Nullable Waiting> replay(long letter, Asker asker, Instant now) {
        return commits.submit(sql -> DeadLetters.replay(sql, letter, asker, now.toEpochMilli()));
    }

    /** Takes a dead letter from the list for good; false when there is none of that number. */
    public CompletableFuture<Boolean> discard(long letter, Asker asker, Instant now) {
        return commits.submit(sql -> DeadLetters.discard(sql, letter, asker, now.toEpochMilli()));
    }

    /**
     * Puts down what was done about an incident, and queues the news of it.
     *
     * @param handling how things are with it now; null leaves that as it is
     * @param channels who is told
     * @return null when the incident is not known any more
     */
    public CompletableFuture<@Nullable Taken> update(
            String incident, @Nullable Handling handling, String what, List<String> channels, Instant at) {
        return commits.submit(sql -> {
            if (handling != null) {
                Deeds.put(sql, handling);
            }
            return intake.update(sql, incident, what, channels, at);
        });
    }

    /** Puts down how things are with an incident, and tells nobody. */
    public CompletableFuture<Boolean> put(Handling handling) {
        return commits.submit(sql -> Deeds.put(sql, handling));
    }

    /** Uses a token up; false when it was used before. */
    public CompletableFuture<Boolean> use(String token, Instant expires) {
        return commits.submit(sql -> Deeds.use(sql, token, expires));
    }

    /** Puts down what somebody did or tried to do. */
    public CompletableFuture<Long> audit(Deed deed) {
        return commits.submit(sql -> Deeds.audit(sql, deed));
    }

    /** Remembers that an incident was escalated, and who is told of it from now on; false when it was already. */
    public CompletableFuture<Boolean> escalated(String incident, List<String> channels) {
        return commits.submit(sql -> sql.update(
                        "UPDATE lane SET escalated = 1, channels = ? WHERE incident = ? AND escalated = 0",
                        String.join("\n", channels),
                        incident)
                > 0);
    }

    /** Remembers a point in time by a name. */
    public CompletableFuture<Integer> mark(String name, Instant at) {
        return commits.submit(
                sql -> sql.update("INSERT OR REPLACE INTO mark (name, at) VALUES (?, ?)", name, at.toEpochMilli()));
    }

    /**
     * Takes in a message of a topic together with its place there: a place that was taken in before is a duplicate.
     *
     * @param noticed the message
     */
    public CompletableFuture<Taken> take(Noticed noticed, TopicPlace place) {
        return takeIfRoom(
                noticed.raw().size(),
                sql -> Deeds.advance(sql, place)
                        ? intake.notice(sql, noticed)
                        : new Taken(BridgeMetrics.Verdict.DUPLICATE, 0, 0, List.of()));
    }

    /**
     * What was forgotten before its time.
     *
     * @param notifications that were delivered
     * @param groups of which nothing was kept but that they are there
     */
    public record Shed(int notifications, int groups) {
        public boolean isNothing() {
            return notifications == 0 && groups == 0;
        }
    }

    /**
     * Forgets what was delivered before {@code cutoff} and dead letters from before {@code deadCutoff}, and makes room as
     * {@link #shed} does.
     */
    public Shed prune(Instant cutoff, Instant deadCutoff) throws OutboxException {
        int gone = Pruning.CHUNK;
        for (int chunk = 0; gone == Pruning.CHUNK && chunk < MAX_CHUNKS; chunk++) {
            gone = await(commits.submit(sql -> Pruning.old(sql, cutoff.toEpochMilli(), deadCutoff.toEpochMilli())));
        }
        return shed();
    }

    /**
     * Makes room when the outbox is nearly full: forgets what was delivered, that of incidents that are over first, the
     * oldest first; when there is no more of it, groups that were not heard of for longest.
     */
    public Shed shed() throws OutboxException {
        int notifications = 0;
        int groups = 0;
        while (measure() > nearlyFull()) {
            int gone = await(commits.submit(Pruning::oldestDelivered));
            notifications += gone;
            if (gone == 0) {
                gone = await(commits.submit(Pruning::quietestGroups));
                groups += gone;
            }
            if (gone == 0) {
                break;
            }
        }
        return new Shed(notifications, groups);
    }

    /** Whether {@link #shed} would look for something to forget, by a guess that costs nothing. */
    public boolean isNearlyFull() {
        return usedBytes.get() > nearlyFull();
    }

    private long nearlyFull() {
        return maxBytes / 10 * 9;
    }

    /** Writes and commits something of no meaning. */
    public void probe(Instant now, Duration patience) throws OutboxException {
        try {
            await(
                    commits.submit(sql ->
                            sql.update("INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)", now.toEpochMilli())),
                    patience);
        } catch (OutboxException e) {
            // It may have waited behind another write that failed: that says more than that it waited.
            String known = commits.fault();
            throw known == null ? e : new OutboxException(known, e);
        }
        if (isFull()) {
            throw full();
        }
    }

    /** Calls this after every commit, on the committing thread. */
    public void onCommit(Runnable listener) {
        commits.onCommit(listener);
    }

    /** Why the last commit failed, or null when it did not. */
    public @Nullable String fault() {
        return commits.fault();
    }

    /** How many bytes of the file are in use. */
    public long measure() throws OutboxException {
        long pages =
                await(commits.submit(sql -> sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count")));
        usedBytes.set(pages * Database.PAGE_BYTES);
        return usedBytes.get();
    }

    /** What is known of incidents, to read. */
    public Incidents incidents() {
        return incidents;
    }

    /** What is kept, to read. */
    public Archive archive() {
        return archive;
    }

    /** Takes no more, commits what it has, and lets others have the file. */
    @Override
    public void close() {
        commits.close();
        archive.close();
        FileChannel channel = lockFile;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
