package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.ConfigReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class ClientPropertiesTest {
    @Test
    void transactionsOfTheDeadAreOverBeforeTheirSessionsAndLongerThanACommitTakesToCome() throws Exception {
        Properties streams = streams("{}", Map.of());

        assertThat(number(streams, "producer.transaction.timeout.ms"))
                .isLessThan(number(streams, "main.consumer.session.timeout.ms"))
                .isGreaterThan(2 * number(streams, "commit.interval.ms"));
        assertThat(number(streams, "main.consumer.heartbeat.interval.ms"))
                .isLessThanOrEqualTo(number(streams, "main.consumer.session.timeout.ms") / 3);
    }

    @Test
    void whatAComponentSaysWinsOverWhatIsSaidForAllOverWhatIsChosenHere() throws Exception {
        Properties streams = streams(
                "{properties: {producer.transaction.timeout.ms: '7000', main.consumer.session.timeout.ms: '7000'}}",
                Map.of("producer.transaction.timeout.ms", "8000"));

        assertThat(streams)
                .containsEntry("producer.transaction.timeout.ms", "8000")
                .containsEntry("main.consumer.session.timeout.ms", "7000");
    }

    private static long number(Properties properties, String name) {
        return Long.parseLong(properties.getProperty(name));
    }

    private static Properties streams(String kafka, Map<String, String> further) throws Exception {
        return ClientProperties.streams(
                ConfigReader.parse("kafka.yml", kafka, KafkaConfig.class),
                new ClientProperties.StreamsIdentity("application", "client", 1, further),
                Path.of("state"));
    }
}
