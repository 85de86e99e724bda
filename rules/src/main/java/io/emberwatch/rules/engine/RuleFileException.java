package io.emberwatch.rules.engine;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A rule file that cannot be used, with everything that is wrong in it. */
public final class RuleFileException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<RuleFault> faults;

    RuleFileException(List<RuleFault> faults) {
        super(faults.stream().map(RuleFault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** At least one, in the order of the file. */
    public List<RuleFault> faults() {
        return faults;
    }
}
