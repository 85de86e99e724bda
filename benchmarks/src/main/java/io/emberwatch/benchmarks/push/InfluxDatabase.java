package io.emberwatch.benchmarks.push;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A database of InfluxDB 1.x, over HTTP. */
final class InfluxDatabase {
    private static final String NAME = "bench";
    private static final Pattern COUNT = Pattern.compile("\\[\"1970-01-01T00:00:00Z\",(\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    /** Makes it. */
    InfluxDatabase(int port) throws IOException {
        url = "http://127.0.0.1:" + port;
        post("/query?q=CREATE+DATABASE+" + NAME, new byte[0]);
    }

    void write(byte[] lines) throws IOException {
        post("/write?precision=ns&db=" + NAME, lines);
    }

    /** Lines in it, each of which has a sequence number. */
    long count() throws IOException {
        Matcher found = COUNT.matcher(post("/query?db=" + NAME + "&q=SELECT+count(seq)+FROM+/.*/", new byte[0]));
        long count = 0;
        while (found.find()) {
            count += Long.parseLong(found.group(1));
        }
        return count;
    }

    private String post(String path, byte[] body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IOException(response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
