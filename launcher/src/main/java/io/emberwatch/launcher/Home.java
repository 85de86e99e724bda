package io.emberwatch.launcher;

import java.nio.file.Path;
import java.util.List;

/** Where the program lies and how it runs itself. */
final class Home {
    private Home() {}

    /** The folder that holds {@code prometheus/}, {@code lib/} and so on; the current one when not installed. */
    static Path folder() {
        return Path.of(System.getProperty("emberwatch.home", "."))
                .toAbsolutePath()
                .normalize();
    }

    /** The command that prints the simulated sensor's lines. */
    static List<String> simulatedSensor() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx16m",
                "-Xss256k",
                "-XX:ReservedCodeCacheSize=8m",
                "-cp",
                System.getProperty("java.class.path"),
                Emberwatch.class.getName(),
                "sensor");
    }
}
