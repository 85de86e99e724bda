package io.emberwatch.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Where the servers under test come from, and waiting for them. */
final class Peers {
    private static final double TOLD_SECONDS = 2;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Peers() {}

    /** The program of a Debian package; where the system is not Debian the test is skipped and says so. */
    static String program(String path, String debianPackage) {
        if (Files.isExecutable(Path.of(path))) {
            return path;
        }
        assumeTrue(
                Files.exists(Path.of("/etc/debian_version")),
                () -> path + " is not here and this is not Debian: skipped");
        throw new IllegalStateException(path + " is missing: ./emberwatch test installs the package " + debianPackage);
    }

    /** A port on loopback that is free, and given to nobody else. */
    static int freePort() throws IOException {
        return Ports.next();
    }

    /**
     * Asks again and again until the answer is true; says what was waited for when it never is, and how long when that
     * took a while.
     */
    static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        long end = begin + limit.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    if (seconds > TOLD_SECONDS) {
                        System.out.printf("waited %.1f s: %s%n", seconds, what);
                    }
                    return;
                }
                last = null;
            } catch (IOException notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain: " + what, last);
    }
}
