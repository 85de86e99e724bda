package io.emberwatch.rules.planted;

/** Planted: what one service must not know of another. */
public final class OtherService {}
