package io.emberwatch.exporter.host;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the lines of a table by their names. The kernel lists its devices in the same order every time, so the
 * row of a line is nearly always the one that followed before, and no text is made to find it. Of at most {@value #MOST}
 * rows; not safe for several threads.
 */
final class Rows<T> {
    private static final int MOST = 4096;

    private final Function<String, T> maker;
    private final Map<String, Row<T>> byName = new HashMap<>();
    private final List<Row<T>> order = new ArrayList<>();
    private int next;

    /** @param maker of a row, given its name */
    Rows(Function<String, T> maker) {
        this.maker = maker;
    }

    private static final class Row<T> {
        private final byte[] name;
        private final T value;

        Row(String name, T value) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.value = value;
        }
    }

    /** The table is read from its beginning. */
    void rewind() {
        next = 0;
    }

    /** The row that bears the text's word as its name. */
    T of(KernelText text) {
        if (next < order.size()) {
            Row<T> expected = order.get(next);
            if (text.is(expected.name)) {
                next++;
                return expected.value;
            }
        }
        return find(text.word());
    }

    private T find(String name) {
        @Nullable Row<T> row = byName.get(name);
        if (row == null) {
            if (byName.size() >= MOST) {
                byName.clear();
                order.clear();
                next = 0;
            }
            row = new Row<>(name, maker.apply(name));
            byName.put(name, row);
        }
        if (next < order.size()) {
            order.set(next, row);
        } else {
            order.add(row);
        }
        next = Math.min(next + 1, MOST);
        return row.value;
    }
}
