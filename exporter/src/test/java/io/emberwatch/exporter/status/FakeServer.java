package io.emberwatch.exporter.status;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that does the same to every client. */
public final class FakeServer implements AutoCloseable {
    /** What it does to a client. */
    @FunctionalInterface
    public interface Manner {
        void serve(Socket client) throws IOException;
    }

    /** Takes connections and never says a word. */
    public static final Manner HANGS = client -> client.getInputStream().transferTo(OutputStream.nullOutputStream());

    /** Closes connections at once. */
    public static final Manner LEAVES = client -> {};

    /** Sends bytes for as long as anybody takes them. */
    public static Manner floods(byte[] with) {
        return client -> {
            while (true) {
                client.getOutputStream().write(with);
            }
        };
    }

    /** Sends one byte of it after another, slowly, and never ends. */
    public static Manner drips(byte[] text) {
        return client -> {
            for (byte b : text) {
                client.getOutputStream().write(b);
                client.getOutputStream().flush();
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            }
            HANGS.serve(client);
        };
    }

    /** Waits for the client to say something, sends this, and closes. */
    public static Manner says(byte[] text) {
        return client -> {
            client.setSoTimeout(200);
            try {
                if (client.getInputStream().read(new byte[8192]) < 0) {
                    return;
                }
            } catch (java.net.SocketTimeoutException silent) {
                // A client that waits to be spoken to.
            }
            client.getOutputStream().write(text);
            client.getOutputStream().flush();
            client.shutdownOutput();
        };
    }

    private final ServerSocket socket;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    public FakeServer(Manner manner) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(
                () -> {
                    while (!socket.isClosed()) {
                        try {
                            Socket client = socket.accept();
                            clients.add(client);
                            Thread serving = new Thread(() -> serve(manner, client), "fake-client");
                            serving.setDaemon(true);
                            serving.start();
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(Manner manner, Socket client) {
        try (client) {
            manner.serve(client);
        } catch (IOException gone) {
            // The client has had enough.
        }
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
