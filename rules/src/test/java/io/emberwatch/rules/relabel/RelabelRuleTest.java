package io.emberwatch.rules.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.YamlNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelabelRuleTest {
    private static Relabeling rules(String yaml) throws ConfigException {
        String config = "relabel_configs:\n" + yaml.indent(2);
        YamlNode root = YamlNode.parse("prometheus.yml", config);
        return Relabeling.parse("prometheus.yml", (YamlNode.Mapping) root, "relabel_configs");
    }

    /** Labels as {@code a=1 b=2}; {@code dropped} for none. */
    @ParameterizedTest(name = "{0}: {1} becomes {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {source_labels: [a], regex: f(.*), target_label: d, replacement: 'ch${1}-ch${1}'} | a=foo b=bar | a=foo b=bar d=choo-choo
            {source_labels: [a, b], regex: 'f(.*);(.*)r', target_label: a, replacement: 'b${1}${2}m'} | a=foo b=bar | a=boobam b=bar
            {source_labels: [a, b], separator: '', regex: foobar, target_label: c, replacement: both} | a=foo b=bar | a=foo b=bar c=both
            {source_labels: [a], regex: .*o.*, action: drop} | a=foo | dropped
            {source_labels: [a], regex: no-match, action: keep} | a=foo | dropped
            {source_labels: [a], regex: f.*, action: Keep} | a=foo | a=foo
            {source_labels: [missing], regex: '', action: keep} | a=foo | a=foo
            {source_labels: [a], regex: f, target_label: b, replacement: bar} | a=boo | a=boo
            {source_labels: [a], target_label: b} | a=boo | a=boo b=boo
            {source_labels: [missing], target_label: a} | a=boo b=1 | b=1
            {target_label: a, replacement: new} | a=boo | a=new
            {target_label: a, replacement: ''} | a=boo b=1 | b=1
            {source_labels: [c], target_label: d, action: hashmod, modulus: 1000} | c=baz | c=baz d=976
            {regex: (b.*), replacement: 'bar_${1}', action: labelmap} | a=foo b1=x b2=y | a=foo b1=x b2=y bar_b1=x bar_b2=y
            {regex: __meta_(my.*), action: labelmap} | __meta_my_bar=1 | __meta_my_bar=1 my_bar=1
            {regex: (b.*), action: labelkeep} | a=foo b1=x | b1=x
            {regex: (b.*), action: labeldrop} | a=foo b1=x | a=foo
            {source_labels: [a], action: uppercase, target_label: b} | a=bAr1 | a=bAr1 b=BAR1
            {source_labels: [a], action: lowercase, target_label: b} | a=bAr1 | a=bAr1 b=bar1
            {source_labels: [a], action: keepequal, target_label: b} | a=1 b=1 | a=1 b=1
            {source_labels: [a], action: keepequal, target_label: b} | a=1 b=2 | dropped
            {source_labels: [a], action: dropequal, target_label: b} | a=1 b=1 | dropped
            {source_labels: [a], action: dropequal, target_label: b} | a=1 b=2 | a=1 b=2
            {source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${1}', replacement: '${2}'} | a=some-name-value | a=some-name-value name=value
            {source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${3}', replacement: '${1}'} | a=some-name-0 | a=some-name-0
            {source_labels: [a], regex: 'some-([^-]+)-([^,]+)', target_label: '${1}', replacement: '${3}'} | a=some-name-0 | a=some-name-0
            {source_labels: [a], regex: (.)(.), target_label: b, replacement: $1x} | a=qr | a=qr
            {source_labels: [a], regex: (.)(.), target_label: b, replacement: $2-$1} | a=qr | a=qr b=r-q
            {source_labels: [a], regex: (.)(.), target_label: b, replacement: $$1} | a=qr | a=qr b=$1
            {source_labels: [a], regex: (.)(.), target_label: b, replacement: '1$'} | a=qr | a=qr b=1$
            {source_labels: [a], regex: '(?P<first>.)(.)', target_label: b, replacement: '${first}!'} | a=qr | a=qr b=q!
            """)
    void rulesDoAsPrometheusDoes(String rule, String before, String after) throws ConfigException {
        Labels result = rules("- " + rule).apply(labels(before));
        assertThat(result).isEqualTo(after.equals("dropped") ? null : labels(after));
    }

    private static Labels labels(String text) {
        Labels.Builder labels = Labels.builder();
        for (String pair : text.split(" ", -1)) {
            int equals = pair.indexOf('=');
            labels.set(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return labels.build();
    }

    @Test
    void anAlternativeMatchesOnlyAsAWhole() throws ConfigException {
        Relabeling drop = rules("- {source_labels: [a], regex: f|o, action: drop}");
        assertThat(drop.apply(labels("a=foo"))).isEqualTo(labels("a=foo"));
        assertThat(drop.apply(labels("a=o"))).isNull();
    }

    @Test
    void rulesWorkOneAfterTheOtherAndADropEndsThem() throws ConfigException {
        Relabeling chain = rules("""
                - source_labels: [a]
                  target_label: b
                - source_labels: [b]
                  regex: gone
                  action: drop
                - target_label: c
                  replacement: done
                """);
        assertThat(chain.apply(labels("a=1"))).isEqualTo(labels("a=1 b=1 c=done"));
        assertThat(chain.apply(labels("a=gone"))).isNull();
    }

    @Test
    void aLineBreakIsMatchedByADotAndHashedAsItIs() throws ConfigException {
        Labels broken = Labels.of("a", "foo\nbar");
        assertThat(rules("- {source_labels: [a], regex: foo.bar, action: drop}").apply(broken))
                .isNull();
        assertThat(rules("- {source_labels: [a], target_label: b, action: hashmod, modulus: 1000}")
                        .apply(broken))
                .isEqualTo(broken.with("b", "734"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {action: nonsense} | nonsense: unknown relabel action
            {action: replace} | relabel configuration for replace action requires 'target_label' value
            {action: lowercase, source_labels: [a]} | requires 'target_label' value
            {action: hashmod, target_label: a} | requires a modulus other than zero
            {action: hashmod, target_label: a, modulus: -1} | -1: expected a whole number
            {source_labels: [a], target_label: '0${3}'} | "0${3}" is invalid 'target_label' for replace action
            {source_labels: [a], target_label: '-${3}'} | "-${3}" is invalid 'target_label' for replace action
            {action: lowercase, source_labels: [a], target_label: b, replacement: x} | 'replacement' can not be set for lowercase
            {action: labelmap, replacement: '-'} | "-" is invalid 'replacement' for labelmap action
            {action: keepequal, source_labels: [a], target_label: b, regex: x} | requires only 'source_labels'
            {action: labeldrop, regex: x, target_label: b} | labeldrop action requires only 'regex'
            {action: keep, source_labels: [a], regex: '('} | not a regular expression
            {action: keep, source_labels: [a], regex: 'a)(b'} | not a regular expression
            {action: keep, sauce_labels: [a]} | unknown key
            """)
    void whatMakesNoSenseIsRefusedWithItsPlace(String rule, String message) {
        assertThatThrownBy(() -> rules("- " + rule))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageMatching("(?s)prometheus\\.yml:2:\\d+: relabel_configs\\[0].*");
    }
}
