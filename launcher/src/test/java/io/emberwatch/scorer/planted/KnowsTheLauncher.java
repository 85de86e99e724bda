package io.emberwatch.scorer.planted;

/** Planted: a service knows the launcher. */
public final class KnowsTheLauncher {
    Class<?> known = io.emberwatch.launcher.Emberwatch.class;
}
