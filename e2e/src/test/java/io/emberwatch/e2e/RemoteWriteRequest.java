package io.emberwatch.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A request of remote write 1.0 (protobuf in a snappy block of literals alone), as a sender makes it. */
final class RemoteWriteRequest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ByteArrayOutputStream series = new ByteArrayOutputStream();

    /** Adds a series with a sample at each of some times, all with the same value; labels must be sorted by name. */
    RemoteWriteRequest add(List<String> labels, double value, long... timesMillis) {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        for (int i = 0; i < labels.size(); i += 2) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            field(label, 1, labels.get(i).getBytes(StandardCharsets.UTF_8));
            field(label, 2, labels.get(i + 1).getBytes(StandardCharsets.UTF_8));
            field(one, 1, label.toByteArray());
        }
        for (long time : timesMillis) {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            sample.write(1 << 3 | 1);
            long bits = Double.doubleToRawLongBits(value);
            for (int i = 0; i < Long.BYTES; i++) {
                sample.write((int) (bits >>> (8 * i)));
            }
            sample.write(2 << 3);
            varint(sample, time);
            field(one, 2, sample.toByteArray());
        }
        field(series, 1, one.toByteArray());
        return this;
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        out.write(number << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private byte[] block() {
        byte[] message = series.toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, message.length);
        int atOnce = 60_000;
        for (int from = 0; from < message.length; from += atOnce) {
            int length = Math.min(atOnce, message.length - from);
            // A literal with its length in the two bytes that follow.
            out.write(61 << 2);
            out.write(length - 1);
            out.write((length - 1) >>> 8);
            out.write(message, from, length);
        }
        return out.toByteArray();
    }

    /** The status of the answer. */
    int send(String base) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/api/v1/write"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(block()))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
