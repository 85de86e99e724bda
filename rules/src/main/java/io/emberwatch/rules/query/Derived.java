package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a node makes of the labels of its operands, kept for the next evaluation.
 *
 * <p>A prepared query sees the same series again and again, and a source hands out the same {@link Labels} for them; so
 * comparing the references tells whether groups, joins and names are as before. Safe for several threads: at worst the
 * same thing is made twice.
 */
final class Derived<T> {
    /** Makes the value from labels. */
    @FunctionalInterface
    interface Maker<T> {
        T make() throws QueryException;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry<T>(
            Labels[] left, Labels[] right, boolean @Nullable [] leftDrops, boolean @Nullable [] rightDrops, T value) {}

    private static final Labels[] NONE = {};

    private volatile @Nullable Entry<T> last;

    T get(Frame frame, Maker<T> maker) throws QueryException {
        return get(frame.labels(), frame.dropsName(), NONE, null, maker);
    }

    T get(Frame left, Frame right, Maker<T> maker) throws QueryException {
        return get(left.labels(), left.dropsName(), right.labels(), right.dropsName(), maker);
    }

    T get(Labels[] labels, boolean @Nullable [] drops, Maker<T> maker) throws QueryException {
        return get(labels, drops, NONE, null, maker);
    }

    private T get(
            Labels[] left,
            boolean @Nullable [] leftDrops,
            Labels[] right,
            boolean @Nullable [] rightDrops,
            Maker<T> maker)
            throws QueryException {
        Entry<T> entry = last;
        if (entry != null
                && isSame(left, entry.left)
                && isSame(right, entry.right)
                && Arrays.equals(leftDrops, entry.leftDrops)
                && Arrays.equals(rightDrops, entry.rightDrops)) {
            return entry.value;
        }
        T value = maker.make();
        last = new Entry<>(left, right, leftDrops, rightDrops, value);
        return value;
    }

    @SuppressWarnings("ReferenceEquality") // the reference tells, and tells at once
    static boolean isSame(Labels[] a, Labels[] b) {
        if (a == b) {
            return true;
        }
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                return false;
            }
        }
        return true;
    }
}
