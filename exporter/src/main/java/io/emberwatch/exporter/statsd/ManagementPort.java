package io.emberwatch.exporter.statsd;

import io.emberwatch.service.http.ListenAddress;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes management's commands over TCP, one a line, and answers each. At most {@value #MOST_CONNECTIONS} connections: for one
 * more the oldest is cut, so that nobody can hold the port. A connection ends after a minute of silence and with a command
 * of more than {@value #LONGEST_COMMAND} bytes.
 */
final class ManagementPort implements AutoCloseable {
    static final int MOST_CONNECTIONS = 8;
    static final int LONGEST_COMMAND = 8192;

    private static final Logger logger = LoggerFactory.getLogger("exporter.statsd");
    private static final int SILENCE_MILLIS = (int) TimeUnit.MINUTES.toMillis(1);
    private static final int BACKLOG = 16;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ListenAddress address;
    private final ManagementCommands commands;
    private final Deque<Socket> open = new ArrayDeque<>();
    private @Nullable ServerSocket server;
    private volatile boolean running;

    ManagementPort(ListenAddress address, ManagementCommands commands) {
        this.address = address;
        this.commands = commands;
    }

    /** @throws IOException when the port cannot be had */
    synchronized void start() throws IOException {
        ServerSocket bound = new ServerSocket();
        try {
            bound.setReuseAddress(true);
            bound.bind(
                    address.host().isEmpty()
                            ? new InetSocketAddress(address.port())
                            : new InetSocketAddress(address.host(), address.port()),
                    BACKLOG);
        } catch (IOException e) {
            bound.close();
            throw new IOException("cannot take management's commands at " + address + ": " + e.getMessage(), e);
        }
        server = bound;
        running = true;
        begin("statsd-management", () -> accept(bound));
    }

    private static void begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    synchronized int port() {
        return server == null ? 0 : server.getLocalPort();
    }

    private void accept(ServerSocket bound) {
        while (running) {
            try {
                Socket socket = bound.accept();
                admit(socket);
                begin("statsd-management-client", () -> serve(socket));
            } catch (IOException e) {
                if (running) {
                    // Most likely no file descriptor is left.
                    logger.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("could not accept a connection for management");
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private synchronized void admit(Socket socket) {
        while (open.size() >= MOST_CONNECTIONS) {
            close(open.removeFirst());
        }
        open.addLast(socket);
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(SILENCE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String line = line(in); line != null; line = line(in)) {
                String answer = commands.answer(line);
                if (answer == null) {
                    return;
                }
                out.write(answer.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            logger.debug("a client of the management port went: {}", e.getMessage());
        } finally {
            synchronized (this) {
                open.remove(socket);
            }
        }
    }

    // The last line may lack its end; one that is too long ends the connection.
    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() == LONGEST_COMMAND) {
                throw new IOException("the command is longer than " + LONGEST_COMMAND + " bytes");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            logger.debug("did not close cleanly: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        running = false;
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                logger.debug("did not close cleanly: {}", e.getMessage());
            }
        }
        open.forEach(ManagementPort::close);
        open.clear();
    }
}
