package io.emberwatch.console.planted.b;

/** Planted: the other half of a cycle of packages. */
public final class Second {
    Class<?> other = io.emberwatch.console.planted.a.First.class;
}
