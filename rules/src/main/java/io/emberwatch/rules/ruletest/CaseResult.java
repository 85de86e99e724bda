package io.emberwatch.rules.ruletest;

/**
 * What became of one expectation.
 *
 * @param name what was expected of what, for reports
 * @param text the failure as it is printed, or why it was left out; empty for a success
 */
record CaseResult(Outcome outcome, String name, String text) {
    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    static CaseResult passed(String name) {
        return new CaseResult(Outcome.PASSED, name, "");
    }

    static CaseResult failed(String name, String text) {
        return new CaseResult(Outcome.FAILED, name, text);
    }

    static CaseResult skipped(String name, String text) {
        return new CaseResult(Outcome.SKIPPED, name, text);
    }
}
