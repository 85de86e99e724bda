package io.emberwatch.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlNodeTest {
    private static YamlNode.Mapping mapping(String yaml) throws ConfigException {
        return (YamlNode.Mapping) YamlNode.parse("rules.yml", yaml);
    }

    private static String faults(String yaml) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> YamlNode.parse("rules.yml", yaml));
        assertThat(e).as("faults of %s", yaml).isNotNull();
        return String.valueOf(e.getMessage());
    }

    private static String text(YamlNode.Mapping mapping, String key) {
        return ((YamlNode.Scalar) mapping.get(key)).text();
    }

    @Test
    void scalarsKeepTheirTextAndPlace() throws Exception {
        YamlNode.Mapping root = mapping("expr: |\n  up == 0\n  and on() vector(1)\nfor: 0x10\n'on': \"a\\tb\"\n");

        assertThat(text(root, "expr")).isEqualTo("up == 0\nand on() vector(1)\n");
        assertThat(root.get("for")).isEqualTo(new YamlNode.Scalar("0x10", true, 4, 6));
        assertThat(root.get("on")).isEqualTo(new YamlNode.Scalar("a\tb", false, 5, 7));
        assertThat(root.entries().get("for").line()).isEqualTo(4);
        assertThat(root.entries().get("for").column()).isEqualTo(1);
        assertThat(root.get("nothing")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"~, true", "null, true", "NULL, true", "'''~''', false", "0, false", "false, false"})
    void onlyUnquotedNullIsNothing(String yaml, boolean isNull) throws Exception {
        assertThat(((YamlNode.Scalar) YamlNode.parse("f", yaml)).isNull()).isEqualTo(isNull);
    }

    @Test
    void aliasesAndMergeKeysAreResolved() throws Exception {
        YamlNode.Mapping root = mapping("""
                base: &base {a: 1, b: 2}
                more: &more {b: 3, c: 4}
                one: {<<: *base, b: own}
                both: {<<: [*base, *more]}
                same: *base
                """);

        YamlNode.Mapping one = (YamlNode.Mapping) root.get("one");
        assertThat(text(one, "a")).isEqualTo("1");
        assertThat(text(one, "b")).isEqualTo("own");
        YamlNode.Mapping both = (YamlNode.Mapping) root.get("both");
        assertThat(text(both, "b")).isEqualTo("2");
        assertThat(text(both, "c")).isEqualTo("4");
        assertThat(root.get("same")).isEqualTo(root.get("base"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1, 2 | rules.yml:1:9: not valid YAML: expected ',' or ']', but got <stream end>",
                "a: *b | rules.yml:1:4: not valid YAML: found undefined alias b",
                "a: !!javax.script.ScriptEngineManager [] | rules.yml:1:4: not valid YAML: Global tag is not allowed: tag:yaml.org,2002:javax.script.ScriptEngineManager",
                "a: !Thing x | rules.yml:1:4: the tag !Thing is not allowed here",
                "a: !!binary aGk= | rules.yml:1:4: the tag tag:yaml.org,2002:binary is not allowed here",
                "a: !!set {x} | rules.yml:1:4: the tag tag:yaml.org,2002:set is not allowed here",
                "{[a, b]: c} | rules.yml:1:2: a key must be a text",
                "{<<: 3} | rules.yml:1:6: << merges mappings, this is text",
                "a: &x [*x] | rules.yml:1:4: an alias refers to what it stands in",
                "a: 1%sa: 2 | rules.yml:2:1: key a occurs twice, first in line 1",
                "a: 1%s---%sb: 2 | rules.yml:3:1: a second document begins here; expected one",
            })
    void faultsHaveTheirPlace(String yaml, String fault) {
        assertThat(faults(yaml.replace("%s", "\n"))).isEqualTo(fault);
    }

    @Test
    void controlCharactersAreRefused() {
        assertThat(faults("a: 1\nb: x\u0007y"))
                .isEqualTo("rules.yml:2:5: not valid YAML: the character U+0007 is not allowed");
    }

    @Test
    void nestedAliasesCannotExplode() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append(("a%d: &a%d [" + "*a%d, ".repeat(9) + "*a%d]\n")
                    .replace("a%d:", "a" + i + ":")
                    .replace("&a%d", "&a" + i)
                    .replace("a%d", "a" + (i - 1)));
        }

        assertThat(faults(yaml.toString())).contains("rules.yml:6:5: more than 1000000 values, aliases resolved");
    }

    @Test
    void chainedAliasesCannotNestWithoutEnd() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 150; i++) {
            yaml.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
        }

        assertThat(faults(yaml.toString())).startsWith("rules.yml:100:").contains("more than 100 levels deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: "})
    void deepNestingIsRefused(String opening) {
        assertThat(faults(opening.repeat(5000))).contains("not valid YAML: Nesting Depth exceeded max 100");
    }

    @Test
    void tooLongTextIsRefused() {
        assertThat(faults("a: " + "x".repeat(YamlNode.MAX_CHARACTERS)))
                .isEqualTo("rules.yml: is longer than 16777216 characters");
    }
}
