package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import org.jspecify.annotations.Nullable;

/** What the type of a sample says. */
enum EventKind {
    COUNTER(0, EventType.COUNTER),
    GAUGE(1, EventType.GAUGE),
    /** Milliseconds, shown in seconds. */
    TIMER(2, EventType.OBSERVER),
    /** A histogram or distribution, shown as it is. */
    OBSERVER(3, EventType.OBSERVER),
    SET(4, EventType.GAUGE);

    private final int code;
    private final EventType type;

    EventKind(int code, EventType type) {
        this.code = code;
        this.type = type;
    }

    /** A number from 0 on, different for every kind. */
    int code() {
        return code;
    }

    /** What mappings call it. */
    EventType type() {
        return type;
    }

    /** The kind of {@code c}, {@code g}, {@code ms}, {@code h}, {@code d} or {@code s}; null for anything else. */
    static @Nullable EventKind of(byte[] in, int from, int to) {
        if (to - from == 1) {
            return switch (in[from]) {
                case 'c' -> COUNTER;
                case 'g' -> GAUGE;
                case 'h', 'd' -> OBSERVER;
                case 's' -> SET;
                default -> null;
            };
        }
        return to - from == 2 && in[from] == 'm' && in[from + 1] == 's' ? TIMER : null;
    }

    boolean isObserver() {
        return this == TIMER || this == OBSERVER;
    }
}
