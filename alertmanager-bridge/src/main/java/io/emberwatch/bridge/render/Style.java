package io.emberwatch.bridge.render;

/** How a channel words what it tells: its time zone, and where its links lead. */
public record Style(Times times, Addresses addresses) {}
