package io.emberwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A way over TCP to one member, which can be made long: what arrives is passed on as much later as it says. */
final class ScoreLabLink implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int WAITING = 4096;

    private final ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;

    /** What was read, and when it is to be passed on. */
    private static final class Chunk {
        private final byte[] bytes;
        private final long due;

        Chunk(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }

        byte[] bytes() {
            return bytes;
        }

        long due() {
            return due;
        }
    }

    ScoreLabLink(int target) throws IOException {
        this.target = target;
        daemon("link-" + target, this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void delayMillis(long millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                pass(near, far);
                pass(far, near);
            } catch (IOException refused) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        from.setTcpNoDelay(true);
        sockets.add(from);
        BlockingQueue<Chunk> queue = new LinkedBlockingQueue<>(WAITING);
        daemon("link-in", () -> read(from, queue));
        daemon("link-out", () -> write(to, queue));
    }

    private void read(Socket from, BlockingQueue<Chunk> queue) {
        byte[] buffer = new byte[CHUNK];
        try (InputStream in = from.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                queue.put(new Chunk(java.util.Arrays.copyOf(buffer, n), System.nanoTime() + delayNanos));
            }
        } catch (IOException closed) {
            // The other side is told below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.remove(from);
        queue.offer(new Chunk(new byte[0], 0));
    }

    private static void write(Socket to, BlockingQueue<Chunk> queue) {
        try (OutputStream out = to.getOutputStream()) {
            for (Chunk chunk = queue.take(); chunk.bytes().length > 0; chunk = queue.take()) {
                long wait = chunk.due() - System.nanoTime();
                while (wait > 0) {
                    LockSupport.parkNanos(wait);
                    wait = chunk.due() - System.nanoTime();
                }
                out.write(chunk.bytes());
            }
        } catch (IOException closed) {
            // Nobody listens any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
