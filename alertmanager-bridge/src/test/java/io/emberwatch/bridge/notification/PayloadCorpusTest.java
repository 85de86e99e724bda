package io.emberwatch.bridge.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of Alertmanager from v0.25 to v0.34, and one of a version that is still to come. */
class PayloadCorpusTest {
    static final Path FOLDER = Path.of("src/test/resources/io/emberwatch/bridge/notification/payloads");

    static List<Path> bodies() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyVersionIsThere() throws IOException {
        assertThat(bodies()).hasSizeGreaterThanOrEqualTo(9);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatABodySaysIsUnderstood(Path body) throws Exception {
        Notification notification = WebhookJson.parse(Files.readAllBytes(body));
        String said = Files.readString(Path.of(body.toString().replace(".json", ".txt")));
        assertThat(words(notification)).isEqualTo(said);
    }

    private static String words(Notification notification) {
        StringBuilder words = new StringBuilder("receiver: ")
                .append(notification.receiver())
                .append("\ngroup: ")
                .append(notification.groupKey())
                .append(' ')
                .append(notification.groupLabels())
                .append("\nreason: ")
                .append(notification.reason())
                .append("\ntruncated: ")
                .append(notification.truncatedAlerts())
                .append("\nfrom: ")
                .append(notification.externalUrl())
                .append('\n');
        for (NotifiedAlert alert : notification.alerts()) {
            words.append(String.join(
                            " ",
                            alert.isFiring() ? "firing" : "resolved",
                            alert.fingerprint(),
                            alert.labels().toString(),
                            alert.annotations().toString(),
                            alert.startsAt() + ".." + (alert.endsAt() == null ? "" : alert.endsAt()),
                            alert.generatorUrl()))
                    .append('\n');
        }
        return words.toString().replaceAll("(?m) +$", "");
    }
}
