package io.emberwatch.rules.query;

/** A hand-written parser of PromQL. */
final class Parser {
    /** How deep expressions may nest. */
    static final int MAX_DEPTH = 500;

    private Parser() {}
}
