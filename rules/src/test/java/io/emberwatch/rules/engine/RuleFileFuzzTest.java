package io.emberwatch.rules.engine;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import java.util.List;

final class RuleFileFuzzTest {
    private static final RuleFileLoader LOADER = new RuleFileLoader(
            new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults())));

    @FuzzTest(maxDuration = "20s")
    void loadsOrRefusesAnyText(FuzzedDataProvider data) {
        try {
            LOADER.parse("r.yml", data.consumeRemainingAsString());
        } catch (RuleFileException e) {
            // Refused with its faults, as documented.
        }
    }
}
