package io.emberwatch.push.planted;

/** Planted: a name that says nothing. */
public final class ThingManager {}
