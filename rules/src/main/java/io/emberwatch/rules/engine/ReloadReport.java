package io.emberwatch.rules.engine;

import java.util.List;

/**
 * What a reload did.
 *
 * @param faults what is wrong, by file; the groups that such a file had before go on as they were
 * @param warnings what is odd
 * @param groups how many groups run now
 * @param rules how many rules they have
 */
public record ReloadReport(List<RuleFault> faults, List<RuleFault> warnings, int groups, int rules) {
    public ReloadReport {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    public boolean isClean() {
        return faults.isEmpty();
    }
}
