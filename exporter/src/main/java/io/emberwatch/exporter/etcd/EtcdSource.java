package io.emberwatch.exporter.etcd;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.OkHttpClient;

/** The members of all configured clusters, read at once; one that hangs or is gone costs only its own series. */
public final class EtcdSource implements SampleSource, AutoCloseable {
    private static final int THREADS = 32;

    private final List<EtcdMember> members = new ArrayList<>();
    private final ExecutorService readers;

    /** @throws IOException when certificates cannot be read */
    public EtcdSource(EtcdConfig config) throws IOException {
        for (EtcdConfig.Cluster cluster : config.clusters()) {
            OkHttpClient http = client(cluster, config);
            cluster.members().forEach(member -> members.add(new EtcdMember(cluster.name(), member, http, config)));
        }
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "etcd-reader");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        readers = pool;
    }

    private static OkHttpClient client(EtcdConfig.Cluster cluster, EtcdConfig config) throws IOException {
        OkHttpClient plain = HttpClients.withTimeout(config.timeout());
        Path ca = cluster.caFile();
        return ca == null && cluster.certFile() == null
                ? plain
                : ClientTls.apply(plain, ca, cluster.certFile(), cluster.keyFile());
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        List<Future<EtcdMember.Report>> pending = new ArrayList<>();
        members.forEach(member -> pending.add(readers.submit(() -> member.read(deadline))));
        List<EtcdMember.Report> reports = new ArrayList<>();
        for (int i = 0; i < pending.size(); i++) {
            reports.add(await(pending.get(i), members.get(i), deadline));
        }
        return merge(reports);
    }

    private static EtcdMember.Report await(Future<EtcdMember.Report> pending, EtcdMember member, Deadline deadline) {
        try {
            return pending.get(Math.max(1, deadline.remaining().toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            pending.cancel(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new EtcdMember.Report(member.labels(), false, false, List.of());
    }

    private static List<MetricFamily> merge(List<EtcdMember.Report> reports) {
        List<MetricPoint> up = new ArrayList<>();
        List<MetricPoint> healthy = new ArrayList<>();
        Map<String, MetricFamily> first = new LinkedHashMap<>();
        Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
        for (EtcdMember.Report report : reports) {
            up.add(MetricPoint.of("emberwatch_exporter_etcd_up", report.labels(), report.up() ? 1 : 0));
            healthy.add(MetricPoint.of("emberwatch_exporter_etcd_healthy", report.labels(), report.healthy() ? 1 : 0));
            for (MetricFamily family : report.families()) {
                first.putIfAbsent(family.name(), family);
                points.computeIfAbsent(family.name(), name -> new ArrayList<>()).addAll(family.points());
            }
        }
        List<MetricFamily> families = new ArrayList<>();
        if (!reports.isEmpty()) {
            families.add(MetricFamily.of(
                    "emberwatch_exporter_etcd_up",
                    MetricType.GAUGE,
                    "Whether the member's metrics page could be read.",
                    up));
            families.add(MetricFamily.of(
                    "emberwatch_exporter_etcd_healthy",
                    MetricType.GAUGE,
                    "Whether the member's /health answered true.",
                    healthy));
        }
        first.forEach((name, family) -> families.add(new MetricFamily(
                name, family.type(), family.help(), family.unit(), points.getOrDefault(name, List.of()))));
        return families;
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
