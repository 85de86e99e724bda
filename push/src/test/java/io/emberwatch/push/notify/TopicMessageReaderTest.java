package io.emberwatch.push.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicMessageReaderTest {
    @Test
    void readsAChatMessage() {
        TopicMessage.Chat chat = TopicMessageReader.chat(bytes(
                "{\"description\": \"Test\", \"client_url\": \"http://g:3000\", \"details\": \"a\\nb\", \"x\": 1}"));

        assertThat(chat).isEqualTo(new TopicMessage.Chat("Test", "http://g:3000", "a\nb"));
        assertThat(chat.text()).isEqualTo("Test\nhttp://g:3000\na\nb");
        assertThat(TopicMessageReader.chat(bytes("{\"description\": \"only\"}")).text())
                .isEqualTo("only");
    }

    @Test
    void readsAMail() {
        assertThat(TopicMessageReader.mail(
                        bytes("{\"subject\": \"s\", \"body\": \"b\", \"to_addresses\": \"a@x.org, b@x.org,\"}")))
                .isEqualTo(new TopicMessage.Mail("s", "b", List.of("a@x.org", "b@x.org")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                              | subject: is missing
            {"subject": 1, "body": "b", "to_addresses": "a"} | subject: expected text
            {"subject": "s", "body": "b", "to_addresses": ","} | to_addresses: expected at least one address
            []                                              | expected a JSON object
            nonsense                                        | not JSON
            """)
    void saysWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> TopicMessageReader.mail(bytes(json.replace("{}", "{\"to_addresses\": \"a\"}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesAnEmptyValue() {
        assertThatThrownBy(() -> TopicMessageReader.chat(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
