package io.emberwatch.scorer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model whose queries are single words. */
final class SmallModel {
    static final String TEXT = """
            name: small
            prefix: emberwatch_etcd
            members: [present, present_before]
            leader: leads
            vetoes:
              - {name: frozen, query: frozen, score: 1}
            indicators:
              - name: disk
                weight: 0.6
                severity: 1
                unit: seconds
                idle: good
                inputs: [disk, disk_before]
                knees: [{at: 0.01, score: 10}, {at: 1, score: 0}]
              - name: wires
                weight: 0.4
                inputs: [wires]
                steps: [{above: 1, score: 0}]
            """;

    private SmallModel() {}

    static Path file(Path folder) {
        try {
            return Files.writeString(folder.resolve("small.yml"), TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers of a healthy cluster of three. */
    static Answers healthy() {
        Answers answers = new Answers();
        for (String instance : new String[] {"m0", "m1", "m2"}) {
            answers.member("present", instance, 1)
                    .member("disk", instance, 0.001)
                    .member("wires", instance, 0);
        }
        return answers.member("leads", "m0", 1);
    }
}
