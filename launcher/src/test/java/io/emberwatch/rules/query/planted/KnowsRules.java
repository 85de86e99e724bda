package io.emberwatch.rules.query.planted;

/** Planted: the query engine knows rules. */
public final class KnowsRules {
    Object known = new io.emberwatch.rules.planted.OtherService();
}
