package io.emberwatch.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Ports for servers under test, none twice. They are below those that the kernel gives to clients, and every JVM that
 * runs tests at the same time takes a range of its own, so nothing takes a port between its choice and its use.
 */
public final class Ports {
    private static final int FIRST = 11_000;
    private static final int RANGE = 2_000;
    private static final int RANGES = 10;
    private static final Ports OURS = claim();

    @SuppressWarnings("unused") // held as long as this JVM lives
    private final FileLock claim;

    private final int begin;
    private int given;

    private Ports(FileLock claim, int begin) {
        this.claim = claim;
        this.begin = begin;
        // JVMs that follow each other begin at different places: a port that was closed just now may not be free yet.
        this.given = (int) (ProcessHandle.current().pid() % RANGE);
    }

    private static Ports claim() {
        for (int range = 0; range < RANGES; range++) {
            Path file = Path.of(System.getProperty("java.io.tmpdir"), "emberwatch-test-ports-" + range);
            try {
                FileLock lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .tryLock();
                if (lock != null) {
                    return new Ports(lock, FIRST + range * RANGE);
                }
            } catch (IOException refused) {
                // It belongs to another user.
            }
        }
        throw new IllegalStateException("more than " + RANGES + " JVMs run tests here");
    }

    /** A port of the loopback that nothing listens on and that was not given before. */
    public static int next() throws IOException {
        synchronized (OURS) {
            return OURS.free();
        }
    }

    private int free() throws IOException {
        for (int tries = 0; tries < RANGE; tries++) {
            int port = begin + given++ % RANGE;
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // So the next.
            }
        }
        throw new IOException("no port from " + begin + " to " + (begin + RANGE - 1) + " is free");
    }
}
