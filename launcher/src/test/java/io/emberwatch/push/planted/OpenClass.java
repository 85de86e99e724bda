package io.emberwatch.push.planted;

/** Planted: a concrete class that anybody may extend. */
public class OpenClass {}
