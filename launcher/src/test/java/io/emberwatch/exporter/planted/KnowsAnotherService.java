package io.emberwatch.exporter.planted;

/** Planted: one service knows another. */
public final class KnowsAnotherService {
    Object known = new io.emberwatch.rules.planted.OtherService();
}
