package io.emberwatch.push.onoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.onoff.ChangeDetector.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChangeDetectorTest {
    private final ChangeDetector changes = new ChangeDetector(3);
    private final FakeStore store = new FakeStore();
    private final List<String> lines = new ArrayList<>();

    @Test
    void noticesTheFirstValueAndEveryChange() {
        assertThat(add("dcs#state", "id=1#t#1", 0)).isEqualTo(Outcome.CHANGED);
        assertThat(add("dcs#state", "id=1#t#2", 0)).isEqualTo(Outcome.SAME);
        assertThat(add("dcs#state", "id=2#t#2", 0)).isEqualTo(Outcome.CHANGED);
        assertThat(add("dcs#state", "id=1#f#3", 0)).isEqualTo(Outcome.CHANGED);
        assertThat(add("dcs#state", "id=1#t#4", 0)).isEqualTo(Outcome.CHANGED);
        assertThat(add("dcs#mode", "id=1#t#4", 0)).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void leavesOutWhatIsOlderThanTheLast() {
        add("m#f", "#1#10", 0);
        assertThat(add("m#f", "#2#9", 0)).isEqualTo(Outcome.OUT_OF_ORDER);
        assertThat(add("m#f", "#1#20", 0)).isEqualTo(Outcome.SAME);
        assertThat(add("m#f", "#2#15", 0)).isEqualTo(Outcome.OUT_OF_ORDER);
        assertThat(add("m#f", "#2#", 0)).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void writesTheMessageAsALine() {
        assertThat(line("dcs#state", "id=1#\"on # off\"#17")).isEqualTo("dcs,id=1 state=\"on # off\" 17");
        assertThat(line("dcs#state", "#1i#")).isEqualTo("dcs state=1i");
    }

    @Test
    void beginsWithWhatTheStoreHeld() {
        add("dcs#state", "id=1,b=#2#\"a#b\"#17", 0);
        add("n#f", "#5#", 0);
        ChangeDetector successor = new ChangeDetector(10);
        store.held.forEach((key, value) -> successor.restore(bytes(key), bytes(value), 0));
        successor.restore(bytes("no zero in it"), bytes("1#1"), 0);
        successor.restore(bytes("m#f\0"), bytes("nonsense"), 0);

        assertThat(successor.size()).isEqualTo(2);
        assertThat(successor.add(message("dcs#state", "id=1,b=#2#\"a#b\"#18"), 0, store))
                .isEqualTo(Outcome.SAME);
        assertThat(successor.add(message("dcs#state", "id=1,b=#2#\"c\"#16"), 0, store))
                .isEqualTo(Outcome.OUT_OF_ORDER);
        assertThat(successor.add(message("n#f", "#5#"), 0, store)).isEqualTo(Outcome.SAME);
    }

    @Test
    void givesEverythingAgainInSlices() {
        add("m#a", "t=1#1#5", 0);
        add("m#b", "#2i#5", 0);
        changes.planRefresh();

        refresh(1, 7);
        assertThat(lines).hasSize(1);
        assertThat(changes.leftToRefresh()).isEqualTo(1);
        refresh(5, 8);

        assertThat(lines)
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .containsExactlyInAnyOrder("m,t=1#a m,t=1 a=1", "m#b m b=2i");
        assertThat(lines.get(1)).endsWith(" 8000000");
        refresh(5, 9);
        assertThat(lines).hasSize(2);
    }

    @Test
    void forgetsWhatIsNotSeenAnyMore() {
        add("m#a", "#1#", 1000);
        add("m#b", "#1#", 1000);
        add("m#b", "#1#", 5000);

        assertThat(changes.expire(5000, store)).isEqualTo(1);

        assertThat(changes.size()).isEqualTo(1);
        assertThat(store.held.keySet()).containsExactly("m#b\0");
        assertThat(add("m#a", "#1#", 6000)).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void boundsTheSeries() {
        for (int i = 0; i < 3; i++) {
            assertThat(add("m#f" + i, "#1#", 0)).isEqualTo(Outcome.CHANGED);
        }
        assertThat(add("m#f3", "#1#", 0)).isEqualTo(Outcome.TOO_MANY_SERIES);
        assertThat(add("m#f0", "#2#", 0)).isEqualTo(Outcome.CHANGED);
    }

    private void refresh(int count, long nowMillis) {
        changes.refresh(count, nowMillis, (key, line) -> lines.add(text(key) + " " + text(line)));
    }

    private Outcome add(String key, String value, long nowMillis) {
        return changes.add(message(key, value), nowMillis, store);
    }

    private static String line(String key, String value) {
        return text(ChangeDetector.line(message(key, value)));
    }

    private static InternalReader message(String key, String value) {
        InternalReader message = new InternalReader();
        message.single(bytes(key), bytes(value));
        assertThat(message.next()).isTrue();
        assertThat(message.faulty()).isFalse();
        return message;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static final class FakeStore implements ChangeDetector.Store {
        final Map<String, String> held = new LinkedHashMap<>();

        @Override
        public void put(byte[] key, byte[] value) {
            held.put(text(key), text(value));
        }

        @Override
        public void delete(byte[] key) {
            held.remove(text(key));
        }
    }
}
