package io.emberwatch.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that takes connections and never answers. */
final class HangingServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    private HangingServer(ServerSocket socket) {
        this.socket = socket;
    }

    static HangingServer start() throws IOException {
        HangingServer server = new HangingServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(server::accept, "hanging-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void accept() {
        try {
            while (true) {
                clients.add(socket.accept());
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
