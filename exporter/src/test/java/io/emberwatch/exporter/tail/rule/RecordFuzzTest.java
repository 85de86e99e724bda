package io.emberwatch.exporter.tail.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.util.Map;

/** Whatever stands in a log, the page can be read. */
final class RecordFuzzTest {
    private static final String RULES = """
            rules:
              - name: a_total
                match: '(?P<who>\\w+)=(?P<n>\\S*)'
                labels: {who: who, outer: a.b}
              - {name: b, type: gauge, value: n, match: '(?P<n>-?[0-9.]+)', labels: {c: c}}
              - {name: c, type: histogram, value: n, where: {c: '.*'}}
            timestamp: {field: t}
            """;

    @FuzzTest(maxDuration = "20s")
    void anyRecordIsCountedOrLeftOut(FuzzedDataProvider data) throws ConfigException, ParseException {
        RecordFormat format = data.pickValue(RecordFormat.values());
        RuleSetTest.Rules config = ConfigReader.parse("rules.yml", RULES, RuleSetTest.Rules.class);
        RuleSet rules = new RuleSet(format, config.rules(), config.timestamp(), Map.of(), 5, loss -> {});
        while (data.remainingBytes() > 0) {
            byte[] record = data.consumeString(200).getBytes(UTF_8);
            rules.record(record, 0, record.length, 0);
        }
        String page = ExpositionWriter.toText(rules.families(), TextFormat.PROMETHEUS_0_0_4);
        ExpositionParser.check(page.getBytes(UTF_8), TextFormat.PROMETHEUS_0_0_4);
    }
}
