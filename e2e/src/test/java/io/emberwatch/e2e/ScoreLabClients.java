package io.emberwatch.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Clients of an etcd cluster who write and read all the time and know how they were served. */
final class ScoreLabClients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int VALUE_BYTES = 512;
    private static final int KEYS = 1000;

    private final List<String> urls;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean idle;
    private volatile boolean ended;

    private final Object lock = new Object();
    private long answered;
    private long failed;
    private final List<Double> writeMillis = new ArrayList<>();

    /**
     * How the clients were served since the last time they were asked.
     *
     * @param median of a write in milliseconds, NaN without one
     */
    record Service(long answered, long failed, double median, double slowest) {}

    ScoreLabClients(List<String> urls, int workers) {
        this.urls = List.copyOf(urls);
        for (int i = 0; i < workers; i++) {
            int number = i;
            Thread thread = new Thread(() -> work(number), "client-" + i);
            thread.setDaemon(true);
            this.workers.add(thread);
            thread.start();
        }
    }

    void idle(boolean value) {
        idle = value;
    }

    Service service() {
        synchronized (lock) {
            double[] sorted = writeMillis.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            Service service = new Service(
                    answered,
                    failed,
                    sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2],
                    sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
            answered = 0;
            failed = 0;
            writeMillis.clear();
            return service;
        }
    }

    private void work(int number) {
        Random moments = new Random(number);
        byte[] value = new byte[VALUE_BYTES];
        Arrays.fill(value, (byte) 'v');
        String text = Base64.getEncoder().encodeToString(value);
        for (int i = 0; !ended; i++) {
            if (idle) {
                pause(100);
                continue;
            }
            String url = urls.get((i + number) % urls.size());
            String key = Base64.getEncoder()
                    .encodeToString(("key-" + number + "-" + i % KEYS).getBytes(StandardCharsets.UTF_8));
            long began = System.nanoTime();
            boolean written = ask(url + "/v3/kv/put", "{\"key\":\"" + key + "\",\"value\":\"" + text + "\"}");
            count(written, written ? (System.nanoTime() - began) / 1e6 : Double.NaN);
            count(ask(url + "/v3/kv/range", "{\"key\":\"" + key + "\"}"), Double.NaN);
            pause(60 + moments.nextInt(60)); // even steps would meet every scrape at the same moment of a write
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void count(boolean ok, double millis) {
        synchronized (lock) {
            if (ok) {
                answered++;
            } else {
                failed++;
            }
            if (!Double.isNaN(millis)) {
                writeMillis.add(millis);
            }
        }
    }

    private boolean ask(String url, String body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(PATIENCE)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
