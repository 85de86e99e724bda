package io.emberwatch.model.planted;

/** Planted: the model knows a service, and somebody at all. */
public final class KnowsAService {
    Object known = new io.emberwatch.rules.planted.OtherService();
}
