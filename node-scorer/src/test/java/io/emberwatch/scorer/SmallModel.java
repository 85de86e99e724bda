package io.emberwatch.scorer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model whose queries are single words. */
final class SmallModel {
    static final String TEXT = """
            name: small
            prefix: emberwatch_etcd
            members: [present, present_before]
            leader: leads
            learners: learns
            vetoes:
              - {name: frozen, query: frozen, score: 1}
              - {name: full, query: full, score: 0, scope: cluster, words: no space is left}
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

    private static final List<String> MEMBERS = List.of("m0", "m1", "m2");

    private SmallModel() {}

    static Path file(Path folder) {
        try {
            return Files.writeString(folder.resolve("small.yml"), TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void present(Answers answers) {
        MEMBERS.forEach(instance -> answers.member("present", instance, 1));
    }

    /** Answers of a healthy cluster of three. */
    static Answers healthy() {
        Answers answers = new Answers();
        for (String instance : MEMBERS) {
            answers.member("disk", instance, 0.001).member("wires", instance, 0);
        }
        present(answers);
        return answers.member("leads", "m0", 1);
    }
}
