package io.emberwatch.model.line;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The published decode and encode vectors, every one. */
final class LineCorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void decodesEveryVectorAsPublished() throws IOException {
        List<String> differences = new ArrayList<>();
        int vectors = 0;
        for (JsonNode vector : corpus().get("decode")) {
            vectors++;
            JsonNode input = vector.get("input");
            String expected = vector.get("output").has("error")
                    ? "refused"
                    : vector.get("output").get("result").toString();
            String actual = decode(input);
            if (!actual.equals(expected) && !sameNumbers(actual, expected)) {
                differences.add(input.get("text") + "\n  expected " + expected + "\n  actual   " + actual);
            }
        }

        assertThat(differences).isEmpty();
        assertThat(vectors).isPositive();
    }

    @Test
    void encodesEveryVectorAsPublished() throws IOException {
        List<String> differences = new ArrayList<>();
        int vectors = 0;
        for (JsonNode vector : corpus().get("encode")) {
            vectors++;
            JsonNode input = vector.get("input");
            JsonNode result = vector.get("output").get("result");
            String expected = result == null ? "refused" : new String(text(result), StandardCharsets.UTF_8);
            String actual = encode(input);
            if (!actual.equals(expected)) {
                differences.add(input.get("point") + "\n  expected " + expected + "\n  actual   " + actual);
            }
        }

        assertThat(differences).isEmpty();
        assertThat(vectors).isPositive();
    }

    private static JsonNode corpus() throws IOException {
        String folder = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeThat(folder).as("EMBERWATCH_CORPUS is not set").isNotNull();
        Path directory = Path.of(folder, "lineprotocol");
        Path whole = directory.resolve("corpus.json");
        Path file = whole.toFile().exists() ? whole : directory.resolve("corpus-half.json");
        return JSON.readTree(file.toFile());
    }

    private static byte[] text(JsonNode text) throws IOException {
        return text.isTextual()
                ? text.textValue().getBytes(StandardCharsets.UTF_8)
                : text.get("binary").binaryValue();
    }

    private static Precision precision(JsonNode input) {
        return switch (input.get("precision").textValue()) {
            case "1ns" -> Precision.NANOSECONDS;
            case "1µs" -> Precision.MICROSECONDS;
            case "1ms" -> Precision.MILLISECONDS;
            case "1s" -> Precision.SECONDS;
            default -> throw new IllegalArgumentException(input.get("precision").textValue());
        };
    }

    private static String decode(JsonNode input) throws IOException {
        Precision precision = precision(input);
        long now = precision.truncate(input.get("defaultTime").longValue());
        List<LinePoint> points;
        try {
            points = LineDecoder.decode(text(input.get("text")), precision);
        } catch (LineException e) {
            return "refused";
        }
        var result = JSON.createArrayNode();
        for (LinePoint point : points) {
            var node = result.addObject();
            Long time = point.timestampNanos();
            node.put("time", time == null ? now : time);
            node.put("name", point.measurement());
            var tags = node.putArray("tags");
            point.tags().stream()
                    .sorted(Comparator.comparing(LinePoint.Tag::key))
                    .forEach(tag -> tags.addObject().put("key", tag.key()).put("value", tag.value()));
            var fields = node.putArray("fields");
            for (LinePoint.Field field : point.fields()) {
                var value = fields.addObject().put("key", field.key()).putObject("value");
                if (field.value() instanceof FieldValue.FloatValue number) {
                    value.put("float", number.value());
                } else if (field.value() instanceof FieldValue.IntegerValue number) {
                    value.put("int", number.value());
                } else if (field.value() instanceof FieldValue.UnsignedValue number) {
                    value.put("uint", new BigInteger(Long.toUnsignedString(number.bits())));
                } else if (field.value() instanceof FieldValue.BooleanValue flag) {
                    value.put("bool", flag.value());
                } else if (field.value() instanceof FieldValue.StringValue string) {
                    value.put("string", string.value());
                }
            }
        }
        return result.toString();
    }

    /** Whether two results are the same but for the spelling of numbers (1.0 and 1). */
    private static boolean sameNumbers(String actual, String expected) throws IOException {
        if (actual.equals("refused") || expected.equals("refused")) {
            return false;
        }
        Comparator<JsonNode> byValue = (a, b) -> {
            if (a.isNumber() && b.isNumber()) {
                boolean whole = a.isIntegralNumber() && b.isIntegralNumber();
                return whole
                        ? a.bigIntegerValue().compareTo(b.bigIntegerValue())
                        : a.doubleValue() == b.doubleValue() ? 0 : 1;
            }
            return a.equals(b) ? 0 : 1;
        };
        return JSON.readTree(actual).equals(byValue, JSON.readTree(expected));
    }

    private static String encode(JsonNode input) throws IOException {
        JsonNode point = input.get("point");
        LineWriter writer = new LineWriter();
        try {
            writer.begin(string(point.get("name")));
            for (JsonNode tag : point.get("tags")) {
                writer.tag(string(tag.get("key")), string(tag.get("value")));
            }
            for (JsonNode field : point.get("fields")) {
                writer.field(string(field.get("key")), value(field.get("value")));
            }
            writer.end(point.get("time").longValue() / precision(input).nanos());
        } catch (IllegalArgumentException e) {
            return "refused";
        }
        return new String(writer.toByteArray(), StandardCharsets.UTF_8).stripTrailing();
    }

    private static String string(JsonNode node) throws IOException {
        byte[] text = text(node);
        if (!Utf8.isValid(text, 0, text.length)) {
            throw new IllegalArgumentException("not UTF-8");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static FieldValue value(JsonNode value) throws IOException {
        String kind = value.fieldNames().next();
        JsonNode content = value.get(kind);
        return switch (kind) {
            case "float" -> new FieldValue.FloatValue(content.doubleValue());
            case "int" -> new FieldValue.IntegerValue(content.longValue());
            case "uint" ->
                new FieldValue.UnsignedValue(content.bigIntegerValue().longValue());
            case "bool" -> new FieldValue.BooleanValue(content.booleanValue());
            case "string" -> new FieldValue.StringValue(string(content));
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
