package io.emberwatch.model;

import java.util.Comparator;

/** Orders strings by their UTF-8 bytes, as Go and Prometheus do; {@link String#compareTo} orders by UTF-16 units. */
public final class Utf8Order implements Comparator<String> {
    public static final Utf8Order INSTANCE = new Utf8Order();

    private Utf8Order() {}

    @Override
    public int compare(String a, String b) {
        return compareUtf8(a, b);
    }

    /** Negative, zero or positive as the UTF-8 bytes of {@code a} sort before, equal to or after those of {@code b}. */
    public static int compareUtf8(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Integer.compare(rank(x), rank(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    // Surrogates stand for code points above U+FFFF, so they sort after every other UTF-16 unit.
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
