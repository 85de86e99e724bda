package io.emberwatch.exporter.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import io.emberwatch.exporter.status.Mutations;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import org.junit.jupiter.api.Test;

/** Whatever a mapping file says, it is used or refused with its faults, and used it maps every name to one thing. */
class MapperFuzzTest {
    private static final String GOOD = """
            defaults: {observer_type: histogram, match_type: glob, ttl: 1m, glob_disable_ordering: true}
            mappings:
            - {match: "a.*.c", name: "${1}_x", labels: {k: "$1", job: b}, match_metric_type: counter}
            - {match: "a.b.*", action: drop, name: dropped}
            - {match: '(.+)\\.(\\d+)', match_type: regex, name: "r_$2", scale: 0.5, help: h, honor_labels: true}
            """;

    @FuzzTest(maxDuration = "30s")
    void anyTextIsUsedOrRefused(byte[] text) {
        Mapper mapper;
        try {
            mapper = new Mapper(ConfigReader.parse("mapping.yml", new String(text, UTF_8), MappingConfig.class));
        } catch (ConfigException | IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        for (String name : new String[] {"a.b.c", "a..c", "", ".", "x.17", "a.b.c.d", "\u00fc.\0.c"}) {
            for (EventType type : EventType.values()) {
                Mapped mapped = mapper.map(name, type);
                if (mapped != null) {
                    assertThat(Mapper.escape(mapped.name())).matches("([a-zA-Z_][a-zA-Z0-9_]*)?");
                }
            }
        }
    }

    @Test
    void spoiltFilesToo() {
        for (byte[] text : Mutations.of(GOOD, 500)) {
            anyTextIsUsedOrRefused(text);
        }
        anyTextIsUsedOrRefused(GOOD.getBytes(UTF_8));
    }
}
