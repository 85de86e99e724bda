package io.emberwatch.rules.query;

import java.io.Serial;
import java.util.List;

/**
 * Text that is not PromQL.
 *
 * <p>The message is that of the first fault, worded as Prometheus words it: {@code 1:5: parse error: unexpected character:
 * '%'}.
 */
public final class SyntaxException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * One thing that is wrong.
     *
     * @param span where, in bytes of the UTF-8 text
     * @param line counted from 1
     * @param column counted from 1, in bytes
     * @param message without the position
     */
    public record Fault(Span span, int line, int column, String message) {
        @Override
        public String toString() {
            return line + ":" + column + ": parse error: " + message;
        }
    }

    private final transient List<Fault> faults;

    SyntaxException(List<Fault> faults) {
        super(faults.get(0).toString());
        this.faults = List.copyOf(faults);
    }

    /** At least one, in the order found. */
    public List<Fault> faults() {
        return faults;
    }
}
