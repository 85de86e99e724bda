package io.emberwatch.rules.query;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class ParserFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void parsesOrRefusesAnyTextAndPrintsWhatItParsed(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Expr expr;
        try {
            expr = Promql.parse(text, true);
        } catch (SyntaxException e) {
            return;
        }
        String printed = expr.toString();
        try {
            String again = Promql.parse(printed, true).toString();
            if (!again.equals(printed)) {
                throw new AssertionError(printed + " reads back as " + again);
            }
        } catch (SyntaxException e) {
            throw new AssertionError(printed + " does not read back", e);
        }
    }

    @FuzzTest(maxDuration = "10s")
    void readsOrRefusesAnySeries(FuzzedDataProvider data) {
        try {
            SeriesNotation.parse(data.consumeRemainingAsString());
        } catch (SyntaxException e) {
            // Refused with a reason, as documented.
        }
    }
}
