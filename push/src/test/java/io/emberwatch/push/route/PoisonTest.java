package io.emberwatch.push.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.message.ByteBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every text of the published corpus between good lines: not one good line is lost. */
final class PoisonTest {
    @Test
    void everyGoodLineArrivesWhateverStandsBesideIt() throws IOException {
        String folder = System.getenv("EMBERWATCH_CORPUS");
        Assumptions.assumeTrue(folder != null, "EMBERWATCH_CORPUS is not set");
        JsonNode corpus = new ObjectMapper()
                .readTree(Path.of(folder, "lineprotocol", "corpus-half.json").toFile());
        LineRouter router = new LineRouter(
                new RouteRules(Map.of(Destination.DATABASE, List.of())),
                new LineRouter.Settings(Dialect.V2, false, 1 << 16),
                (topic, key) -> 0);
        List<String> lost = new ArrayList<>();
        int dead = 0;
        int number = 0;
        for (JsonNode vector : corpus.get("decode")) {
            JsonNode text = vector.get("input").get("text");
            byte[] poison = text.isTextual()
                    ? text.textValue().getBytes(StandardCharsets.UTF_8)
                    : text.get("binary").binaryValue();
            ByteBuilder record = new ByteBuilder(1000);
            List<String> good = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String line = "good,n=" + number++ + " s=\"a b\",v=1i 17";
                good.add(line);
                record.append(line).append('\n');
                if (i == 4) {
                    record.append(poison).append('\n');
                }
            }
            Collected out = new Collected();
            RouteCounts counts = router.route(record.toByteArray(), out);
            dead += counts.dead();
            List<String> stored = out.lines.lines().toList();
            good.stream().filter(line -> !stored.contains(line)).forEach(lost::add);
            assertThat(counts.lines()).isEqualTo(counts.databaseLines() + counts.unrouted() + counts.dead());
        }

        assertThat(lost).isEmpty();
        assertThat(dead).isGreaterThan(1000);
    }

    private static final class Collected implements RouteOutput {
        String lines = "";

        @Override
        public void database(byte[] text) {
            lines = new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public void field(Destination destination, byte[] key, byte[] value) {}

        @Override
        public void fields(Destination destination, byte[] key, byte[] batch) {}

        @Override
        public void dead(byte[] line, LineFault fault, int offset) {}
    }
}
