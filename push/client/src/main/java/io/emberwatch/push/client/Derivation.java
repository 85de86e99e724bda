package io.emberwatch.push.client;

import java.time.Duration;

/** What is made of the first numeric field of a metric, {@code f}, and those sent before it. */
public enum Derivation {
    /** Nothing. */
    NONE,

    /**
     * Adds {@code f_rate}: the change for each second since the one before. The first is 0, and so is one that would fall
     * because the source began anew with 0. Two in the same millisecond have no rate.
     */
    RATE,

    /** Adds {@code f_increment}: the sum of all values so far. */
    INCREMENT,

    /** Adds {@code f_average}: the mean of the last {@value Derivations#AVERAGED} values. */
    AVERAGE,

    /** Leaves out a metric whose value is that of the one before, for {@link #QUIET} at most. */
    SUPPRESS;

    /** After this time an unchanged value is sent again. */
    public static final Duration QUIET = Duration.ofMinutes(5);
}
