package io.emberwatch.push.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of the notification topics; fields it does not know are passed over. */
public final class TopicMessageReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TopicMessageReader() {}

    /**
     * {@code {"description": …, "client_url": …, "details": …}}, of which only the first must be there.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static TopicMessage.Chat chat(byte[] json) {
        JsonNode node = object(json);
        return new TopicMessage.Chat(
                required(node, "description"), optional(node, "client_url"), optional(node, "details"));
    }

    /**
     * {@code {"subject": …, "body": …, "to_addresses": "a@x,b@x"}}, all of which must be there.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static TopicMessage.Mail mail(byte[] json) {
        JsonNode node = object(json);
        List<String> addresses = Arrays.stream(required(node, "to_addresses").split(",", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
        return new TopicMessage.Mail(required(node, "subject"), required(node, "body"), addresses);
    }

    private static JsonNode object(byte[] json) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException("expected a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private static String required(JsonNode node, String name) {
        String value = optional(node, name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": is missing");
        }
        return value;
    }

    private static @Nullable String optional(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + ": expected text");
        }
        return value.textValue();
    }
}
