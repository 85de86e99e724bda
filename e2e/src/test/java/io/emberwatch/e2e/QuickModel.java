package io.emberwatch.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shipped score of etcd with short windows, so that a test need not wait for minutes until a fault is forgotten. */
final class QuickModel {
    private static final Path SHIPPED =
            Path.of("../node-scorer/src/main/resources/io/emberwatch/scorer/models/etcd.yml");

    private QuickModel() {}

    /** Writes it into the folder; the answer is where. */
    static Path write(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("etcd.yml"),
                Files.readString(SHIPPED)
                        .replace("[1m]", "[10s]")
                        .replace("[40s]", "[8s]")
                        .replace("[2m]", "[15s]"));
    }
}
