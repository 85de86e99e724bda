package io.emberwatch.rules.query;

/** Tells a running query to stop; asked every few thousand samples. */
@FunctionalInterface
public interface Cancellation {
    Cancellation NEVER = () -> false;

    boolean isRequested();
}
