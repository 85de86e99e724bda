package io.emberwatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Labels ABC = Labels.of("c", "3", "a", "1", "b", "2");

    @Test
    void areSortedByName() {
        assertThat(ABC.size()).isEqualTo(3);
        assertThat(List.of(ABC.name(0), ABC.name(1), ABC.name(2))).containsExactly("a", "b", "c");
        assertThat(List.of(ABC.value(0), ABC.value(1), ABC.value(2))).containsExactly("1", "2", "3");
        assertThat(ABC.toMap()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
    }

    @Test
    void areEqualWhateverTheOrderTheyWereGivenIn() {
        Labels other = Labels.of(Map.of("a", "1", "b", "2", "c", "3"));

        assertThat(other).isEqualTo(ABC).hasSameHashCodeAs(ABC).isNotEqualTo(ABC.without("a"));
        assertThat(Labels.of()).isEqualTo(Labels.EMPTY);
    }

    @Test
    void anEmptyValueIsNoLabel() {
        assertThat(Labels.of("a", "", "b", "2")).isEqualTo(Labels.of("b", "2"));
        assertThat(ABC.with("b", "")).isEqualTo(Labels.of("a", "1", "c", "3"));
        assertThat(Labels.of("a", "")).isEqualTo(Labels.EMPTY);
        assertThat(ABC.has("d")).isFalse();
        assertThat(ABC.get("d")).isEmpty();
    }

    @Test
    void refusesOddCountsAndNamesThatOccurTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of("a"))
                .withMessage("1: label names and values must come in pairs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of("a", "1", "a", "2"))
                .withMessage("a: label name occurs twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of("", "1"))
                .withMessage("a label name must not be empty");
    }

    @Test
    void changeIntoNewLabels() {
        assertThat(ABC.with("a", "9")).isEqualTo(Labels.of("a", "9", "b", "2", "c", "3"));
        assertThat(ABC.with("d", "4").get("d")).isEqualTo("4");
        assertThat(ABC.with("a", "1")).isSameAs(ABC);
        assertThat(ABC.without("x")).isSameAs(ABC);
        assertThat(ABC.keeping(List.of("a", "x", "c"))).isEqualTo(Labels.of("a", "1", "c", "3"));
        assertThat(ABC.dropping(Set.of("a", "x", "c"))).isEqualTo(Labels.of("b", "2"));
        assertThat(ABC.keeping(List.of("a", "b", "c", "d", "e"))).isSameAs(ABC);
        assertThat(ABC.dropping(List.of("a", "b", "c", "d", "e"))).isEqualTo(Labels.EMPTY);
        assertThat(ABC.get("a")).isEqualTo("1");
    }

    @Test
    void knowTheMetricName() {
        Labels stored = ABC.with(Labels.METRIC_NAME, "m");

        assertThat(stored.metricName()).isEqualTo("m");
        assertThat(stored.withoutName()).isEqualTo(ABC);
        assertThat(ABC.metricName()).isEmpty();
    }

    @Test
    void printAsASelector() {
        assertThat(Labels.of("__name__", "m", "b", "x\"\\\n", "B", "y")).hasToString("m{B=\"y\", b=\"x\\\"\\\\\\n\"}");
        assertThat(Labels.of("__name__", "m")).hasToString("m");
        assertThat(Labels.of("a", "1")).hasToString("{a=\"1\"}");
        assertThat(Labels.EMPTY).hasToString("{}");
    }

    @Test
    void orderLabelByLabelAndPrefixesFirst() {
        List<Labels> inOrder = List.of(
                Labels.EMPTY,
                Labels.of("a", "1"),
                Labels.of("a", "1", "b", "1"),
                Labels.of("a", "1", "c", "0"),
                Labels.of("a", "10"),
                Labels.of("a", "2"),
                Labels.of("a", "\uff61"),
                Labels.of("a", "\ud83d\ude00"),
                Labels.of("b", "0"));

        assertThat(inOrder).isSorted();
    }

    @Test
    void behaveAsASortedMap() {
        qt().forAll(lists().of(strings()
                                .betweenCodePoints('a', 'f')
                                .ofLength(1)
                                .zip(strings().betweenCodePoints('0', '3').ofLengthBetween(0, 1), Map::entry))
                        .ofSizeBetween(0, 12))
                .checkAssert(entries -> {
                    Map<String, String> map = new TreeMap<>();
                    Labels labels = Labels.EMPTY;
                    Labels.Builder builder = Labels.builder();
                    for (Map.Entry<String, String> entry : entries) {
                        map.put(entry.getKey(), entry.getValue());
                        map.values().removeIf(String::isEmpty);
                        labels = labels.with(entry.getKey(), entry.getValue());
                        builder.set(entry.getKey(), entry.getValue());
                    }
                    assertThat(labels.toMap()).isEqualTo(map);
                    assertThat(builder.build()).isEqualTo(labels).hasSameHashCodeAs(labels);
                    assertThat(labels.toBuilder().build()).isEqualTo(labels);
                });
    }
}
