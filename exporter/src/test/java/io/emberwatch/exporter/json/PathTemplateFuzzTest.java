package io.emberwatch.exporter.json;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

final class PathTemplateFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @FuzzTest(maxDuration = "20s")
    void isReadOrRefused(FuzzedDataProvider data) {
        try {
            PathTemplate template = PathTemplate.compile("{." + data.consumeString(60) + "}");
            JsonNode document = JSON.readTree(data.consumeRemainingAsString());
            template.text(document);
            template.nodes(document);
        } catch (IllegalArgumentException | JsonProcessingException e) {
            // Refused with the reason, as documented.
        }
    }
}
