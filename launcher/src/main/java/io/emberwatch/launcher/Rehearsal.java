package io.emberwatch.launcher;

import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Serves on a free port and scrapes itself, so that every class which a running service needs has been loaded. For making a
 * class-data archive.
 */
final class Rehearsal {
    private static final String[] SCRAPES = {
        "Accept: text/plain", "Accept: application/openmetrics-text\r\nAccept-Encoding: gzip"
    };

    private Rehearsal() {}

    static void of(Service service) throws IOException {
        try (ServiceServer server = new ServiceServer(List.of(service))) {
            int port = server.start(new ListenAddress("127.0.0.1", 0));
            for (String headers : SCRAPES) {
                scrape(port, headers);
            }
        }
    }

    private static void scrape(int port, String headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            String status = new String(answer.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            answer.readAllBytes();
            if (!status.endsWith(" 200")) {
                throw new IOException("the rehearsal was answered " + status);
            }
        }
    }
}
