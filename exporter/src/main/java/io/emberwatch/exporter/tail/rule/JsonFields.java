package io.emberwatch.exporter.tail.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads the fields of JSON records. */
final class JsonFields {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonFields() {}

    /** Whether the bytes are one JSON object; those of its fields that are asked for are put. */
    static boolean read(byte[] record, int from, int to, Fields fields) {
        try (JsonParser parser = JSON.createParser(record, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            object(parser, "", fields);
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    // The parser itself refuses records that nest deeper than 1000.
    private static void object(JsonParser parser, String prefix, Fields fields) throws IOException {
        for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
            String name = prefix.isEmpty() ? parser.currentName() : prefix + parser.currentName();
            token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                object(parser, name + ".", fields);
            } else if (token == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                int slot = fields.find(name);
                if (slot >= 0) {
                    fields.put(slot, parser.getText());
                }
            }
        }
    }
}
