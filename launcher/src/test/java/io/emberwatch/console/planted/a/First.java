package io.emberwatch.console.planted.a;

/** Planted: half of a cycle of packages. */
public final class First {
    Class<?> other = io.emberwatch.console.planted.b.Second.class;
}
