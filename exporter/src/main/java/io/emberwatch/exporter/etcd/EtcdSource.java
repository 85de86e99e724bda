package io.emberwatch.exporter.etcd;

import io.emberwatch.exporter.etcd.EtcdConfig.ClusterConfig;
import io.emberwatch.exporter.etcd.EtcdConfig.MemberConfig;
import io.emberwatch.exporter.etcd.MemberFault.Reason;
import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.scrape.Explainer;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.status.SecuredClient;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The members of etcd clusters, asked all at once. A member that cannot be read is shown as down and costs the others
 * nothing.
 *
 * <p>Bounded: {@value #MAX_CALLS} calls at once, the others wait their turn within the scrape; pages of the configured
 * size; the scrape's deadline, less a little to put the page together.
 */
public final class EtcdSource implements SampleSource, Part, Explainer {
    private static final int MAX_CALLS = 64;
    private static final int MAX_CALLS_PER_HOST = 16;
    private static final Duration RESERVE = Duration.ofMillis(50);
    private static final double NANOS = 1e9;

    private final EtcdConfig config;
    private final ExporterMetrics metrics;
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, 2 * MAX_CALLS, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "etcd");
                thread.setDaemon(true);
                return thread;
            });
    private final List<Cluster> clusters = new ArrayList<>();

    public EtcdSource(EtcdConfig config, ExporterMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        if (!config.clusters().isEmpty()) {
            OkHttpClient client = client();
            config.clusters().forEach(cluster -> clusters.add(cluster(cluster, client)));
        }
    }

    private OkHttpClient client() {
        Dispatcher dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(MAX_CALLS);
        dispatcher.setMaxRequestsPerHost(MAX_CALLS_PER_HOST);
        return HttpClients.withTimeout(config.timeout())
                .newBuilder()
                .dispatcher(dispatcher)
                .build();
    }

    private Cluster cluster(ClusterConfig cluster, OkHttpClient client) {
        List<EtcdMember> members = new ArrayList<>();
        for (MemberConfig member : cluster.members()) {
            members.add(new EtcdMember(
                    cluster.name(),
                    member,
                    config.maxPage().bytes(),
                    metrics.member(cluster.name(), member.instanceName(), Reason.texts(), cluster.health())));
        }
        SecuredClient tls = cluster.tls() == null
                ? null
                : new SecuredClient(client, cluster.tls().settings());
        return new Cluster(members, client, tls, cluster.health());
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public List<Source> sources() {
        return List.of(Source.of(this));
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        Round round = new Round(patience(deadline));
        for (Cluster cluster : clusters) {
            for (EtcdMember member : cluster.members) {
                round.add(cluster, member);
            }
        }
        List<MetricFamily> families = round.finish();
        if (!clusters.isEmpty()) {
            families.addAll(metrics.etcdFamilies(
                    config.clusters().stream().map(ClusterConfig::name).collect(Collectors.toSet())));
        }
        return families;
    }

    /** Of the URL of a member, or one below it: which member it is. */
    @Override
    public List<String> explain(String text) {
        List<String> lines = new ArrayList<>();
        for (ClusterConfig cluster : config.clusters()) {
            for (MemberConfig member : cluster.members()) {
                String url = member.url().toString().replaceAll("/+$", "");
                if (text.equals(url) || text.startsWith(url + "/")) {
                    lines.add("etcd member " + member.instanceName() + " of cluster " + cluster.name()
                            + ": its /metrics is shown with the labels cluster=\"" + cluster.name()
                            + "\" and instance=\""
                            + member.instanceName() + "\""
                            + (cluster.health() ? "; its /health is emberwatch_exporter_etcd_healthy" : ""));
                }
            }
        }
        return lines;
    }

    private Duration patience(Deadline deadline) {
        Duration left = deadline.remaining();
        Duration ours = left.compareTo(RESERVE.multipliedBy(2)) > 0 ? left.minus(RESERVE) : left.dividedBy(2);
        return ours.compareTo(config.timeout()) < 0 ? ours : config.timeout();
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Cluster(
            List<EtcdMember> members,
            OkHttpClient plain,
            @Nullable SecuredClient tls,
            boolean health) {
        OkHttpClient client() throws IOException {
            return tls == null ? plain : tls.current();
        }
    }

    /** One scrape of every member. */
    private static final class Round {
        private final long started = System.nanoTime();
        private final Duration patience;
        private final List<PendingMember> members = new ArrayList<>();

        Round(Duration patience) {
            this.patience = patience;
        }

        void add(Cluster cluster, EtcdMember member) {
            PendingMember pending = new PendingMember(member, started);
            members.add(pending);
            try {
                OkHttpClient client = cluster.client();
                pending.page = send(client, member.metricsRequest(), member::read);
                if (cluster.health) {
                    pending.health = send(client, member.healthRequest(), member::readHealth);
                }
            } catch (IOException e) {
                pending.fault = new MemberFault(Reason.TLS, String.valueOf(e.getMessage()));
            }
        }

        private <T> Answer<T> send(OkHttpClient client, Request request, AnswerReader<T> reader) {
            Call call = client.newCall(request);
            call.timeout().timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
            Answer<T> answer = new Answer<>(call, reader);
            call.enqueue(answer);
            return answer;
        }

        List<MetricFamily> finish() {
            long end = started + patience.toNanos();
            List<MetricFamily> families = new ArrayList<>();
            members.forEach(member -> member.finish(end, families));
            return families;
        }
    }

    /** A member whose answers are on their way. */
    private static final class PendingMember {
        private final EtcdMember member;
        private final long started;
        private @Nullable Answer<List<MetricFamily>> page;
        private @Nullable Answer<Boolean> health;
        private @Nullable MemberFault fault;

        PendingMember(EtcdMember member, long started) {
            this.member = member;
            this.started = started;
        }

        void finish(long end, List<MetricFamily> families) {
            try {
                if (fault != null) {
                    throw fault;
                }
                if (page != null) {
                    families.addAll(page.await(end));
                    member.up((page.ended - started) / NANOS);
                }
            } catch (MemberFault e) {
                member.down(e, (System.nanoTime() - started) / NANOS);
            }
            try {
                member.healthy(health != null && health.await(end));
            } catch (MemberFault e) {
                member.healthy(false);
            }
        }
    }

    /** Makes sense of an answer. */
    @FunctionalInterface
    private interface AnswerReader<T> {
        T read(Response response) throws IOException, MemberFault;
    }

    /** An answer to come. */
    private static final class Answer<T> implements Callback {
        private final Call call;
        private final AnswerReader<T> reader;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable T value;
        private volatile @Nullable MemberFault fault;
        private volatile long ended;

        Answer(Call call, AnswerReader<T> reader) {
            this.call = call;
            this.reader = reader;
        }

        @Override
        public void onFailure(Call failed, IOException e) {
            finish(null, MemberFault.of(e));
        }

        @Override
        public void onResponse(Call answered, Response response) {
            try (response) {
                finish(reader.read(response), null);
            } catch (IOException e) {
                finish(null, MemberFault.of(e));
            } catch (MemberFault e) {
                finish(null, e);
            } catch (RuntimeException | Error e) {
                finish(null, new MemberFault(Reason.GARBAGE, e.toString()));
            }
        }

        private void finish(@Nullable T read, @Nullable MemberFault trouble) {
            value = read;
            fault = trouble;
            ended = System.nanoTime();
            done.countDown();
        }

        T await(long end) throws MemberFault {
            boolean answered = false;
            try {
                answered = done.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            T read = value;
            MemberFault trouble = fault;
            if (answered && read != null) {
                return read;
            }
            call.cancel();
            throw trouble != null && answered ? trouble : new MemberFault(Reason.TIMEOUT, "no answer in time");
        }
    }
}
