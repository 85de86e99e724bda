package io.emberwatch.rules.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.template.Template.Dependence;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expansions as promtool 2.42 printed them, and what 3.x adds. */
final class TemplateTest {
    private static final Labels LABELS = Labels.of("__name__", "m", "job", "a", "inst", "[::1]:6006");
    private static final Labels EXTERNAL = Labels.of("cluster", "c1", "region", "eu");
    private static final TemplateData DATA = new TemplateData(LABELS, EXTERNAL, "http://x/p", 5);
    private static final TemplateQueries QUERIES = (expression, at) -> {
        if (expression.equals("bad")) {
            throw new QueryException(QueryException.Kind.BAD_DATA, "1:1: parse error: no");
        }
        return expression.equals("none")
                ? List.of()
                : List.of(
                        new Sample(Labels.of("job", "b", "__value__", "x"), 0, 21),
                        new Sample(Labels.of("job", "a"), 0, 11));
    };

    private static String expand(String text) throws TemplateException {
        return Template.parse("__alert_A", text).expand(DATA, Instant.ofEpochSecond(60), QUERIES);
    }

    private static String error(String text) {
        try {
            return "no error: " + expand(text);
        } catch (TemplateException e) {
            return e.text();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '\0',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock = """
                    plain } text => plain } text
                    {{ $labels.job }}/{{ .Labels.job }}/{{ $labels.nope }}| => a/a/|
                    {{ $labels }} => map[__name__:m inst:[::1]:6006 job:a]
                    {{ . }} => {map[__name__:m inst:[::1]:6006 job:a] map[cluster:c1 region:eu] http://x/p 5}
                    {{ .Labels.job | title | printf "%-8q|" }} => "A"     |
                    {{ $externalLabels.cluster }} {{ .ExternalURL }} {{ externalURL }} {{ pathPrefix }} => c1 http://x/p http://x/p /p
                    a {{- 1 -}} b {{/* note */}}c {{- /* note */ -}} d => a1b cd
                    {{ if and (eq 1 1) (gt $value 3.0) }}yes{{ else if true }}b{{ end }} => yes
                    {{ if lt $value 3.0 }}x{{ else if eq $value 5.0 }}y{{ else }}z{{ end }} => y
                    {{ with .Labels.nope }}x{{ else }}none{{ end }} => none
                    {{ with $x := 3 }}{{ $x }}{{ . }}{{ end }} => 33
                    {{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 7 }}{{ end }}{{ $x }} => 2
                    {{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }} => __name__=m;inst=[::1]:6006;job=a;
                    {{ range 3 }}{{ . }}{{ end }} => 012
                    {{ range $i := 5 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }} => 02
                    {{ range query "m" | sortByLabel "job" }}{{ .Labels.job }}:{{ .Value }} {{ end }} => a:11 b:21
                    {{ range $i, $e := query "m" }}{{ $i }}={{ $e }} {{ end }} => 0={map[__value__:x job:b] 21} 1={map[job:a] 11}
                    {{ range query "none" }}x{{ else }}empty{{ end }} => empty
                    {{ with query "m" }}{{ . | first | value | humanize }}{{ end }} => 21
                    {{ query "m" | first | label "job" }} {{ query "m" | first | strvalue }} => b x
                    {{ (query "m" | first).Labels.job }} => b
                    {{ args 1 "x" 2.5 }} {{ len $labels }} {{ index $labels "job" }} => map[arg0:1 arg1:x arg2:2.5] 3 a
                    {{ define "x" }}X{{ .arg0 }}{{ end }}{{ template "x" (args 5) }}{{ block "y" "z" }}Y{{ . }}{{ end }} => X5Yz
                    {{ printf "%5d|%-5d|%05d|%x|%X|%o|%b|%c|%q|%U" 42 42 42 255 255 8 5 65 65 65 }} =>    42|42   |00042|ff|FF|10|101|A|'A'|U+0041
                    {{ printf "%v %+v %T %t %p" true nil 1.5 false 3 }} => true <nil> float64 false %!p(int=3)
                    {{ printf "%s %d" "a" }} {{ printf "%d" 1 2 }} {{ printf "%z" 3 }} {{ printf "%[2]d %[1]d" 1 2 }} {{ printf "%*d" 5 3 }} => a %!d(MISSING) 1%!(EXTRA int=2) %!z(int=3) 2 1     3
                    {{ html "<a&b>" }} {{ js "it's \\"x\\"" }} {{ urlquery "a b&c" }} {{ urlQueryEscape "a=b" }} => &lt;a&amp;b&gt; it\\'s \\"x\\" a+b%26c a%3Db
                    {{ print 1 2 "a" 3 "b" "c" 1.5 }} {{ slice "abcdef" 1 3 }} {{ not true }} {{ or 0 "" "x" }} {{ and 1 0 }} => 1 2a3bc1.5 bc false x 0
                    {{ toTime $value }} {{ (toTime $value).Format "2006-01-02 15:04" }} {{ (toTime $value).Year }} {{ ($value | toTime).Unix }} => 1970-01-01 00:00:05 +0000 UTC 1970-01-01 00:00 1970 5
                    {{ toDuration 5400.5 }} {{ (toDuration 90).Minutes }} {{ toDuration 0.0015 }} => 1h30m0.5s 1.5 1.5ms
                    {{ "quoted\\n\\t" | printf "%q" }} {{ `raw\\n` }} {{ 0x1F }} {{ 1e3 }} {{ 1_000 }} {{ 'a' }} {{ 07 }} {{ 1.0 }} {{ -3 }} {{ 1e100 }} {{ true }} => "quoted\\n\\t" raw\\n 31 1000 1000 97 7 1 -3 1e+100 true
                    {{ stripPort $labels.inst }} {{ stripPort "[::1]::12345" }} {{ stripDomain "a.b.c:80" }} {{ stripDomain "1.2.3.4:80" }} => ::1 [::1]::12345 a:80 1.2.3.4:80
                    {{ title "aa bb CC d_e" }} {{ toUpper "aB" }} {{ toLower "aB" }} => Aa Bb CC D_e AB ab
                    {{ reReplaceAll "(a)(b)" "$2${1}x$1x$$" "abab" }} {{ reReplaceAll "a*" "-" "baac" }} {{ match "a+" "caab" }} => bax$bax$ -b-c- true
                    {{ graphLink "up == 1" }} {{ tableLink "up" }} => /graph?g0.expr=up+%3D%3D+1&g0.tab=0 /graph?g0.expr=up&g0.tab=1
                    {{ parseDuration "1h2m10ms" | printf "%.2f" }} {{ now }} => 3720.01 60
                    {{ humanize "1234567.0" }} {{ humanizeDuration 899.99 }} {{ humanizePercentage "0.1234567" }} => 1.235M 14m 59s 12.35%
                    {{ printf "%x|%X|%b|%#g|%#.2g" 0.1 1234.5 3.0 3.0 12345.678 }} => 0x1.999999999999ap-04|0X1.34AP+10|6755399441055744p-51|3.00000|1.2e+04
                    {{ printf "%#x|% x|%# x|%+q|%#U|%+v|%.*d" "abc" "abc" "abc" "é" 42 3 -1 5 }} => 0x616263|61 62 63|0x61 0x62 0x63|"\\u00e9"|U+002A '*'|3|%!(BADPREC)5
                    {{ toUpper "straße" }} {{ js nil }} {{ eq (query "q" | first) (query "q" | first) }} => STRAßE \\u003Cno value\\u003E false
                    {{ (toTime 5).Month | printf "%v" }} {{ printf "%d %s" (toTime 5).Month (toTime 5).Weekday }} {{ eq (toTime 5).Month 1 }} => January 1 Thursday true
                    {{ (toTime 5).Before (toTime 6) }} {{ (toTime 65).Sub (toTime 5) }} {{ ((toTime 5).Add (toDuration 60)).Unix }} {{ (toTime 5).IsZero }} => true 1m0s 65 false
                    {{ ((toTime 5).AddDate 1 2 3).Format "2006-01-02" }} {{ ((toTime 4000).Truncate (toDuration 3600)).Unix }} {{ (toTime 5).GoString }} => 1971-03-04 3600 time.Date(1970, time.January, 1, 0, 0, 5, 0, time.UTC)
                    {{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ le 1 1 }} {{ ge "b" "a" }} => true true true true
                    """)
    void expands(String text, String expected) throws TemplateException {
        assertThat(expand(text).strip()).isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '\0', textBlock = """
                    {{ => unclosed action
                    {{ if true }}x => unexpected EOF
                    {{ end }} => unexpected {{end}}
                    {{ else }} => unexpected {{else}}
                    {{ $label.x }} => undefined variable "$label"
                    {{ 1 | add }} => function "add" not defined
                    {{ }} => missing value for command
                    {{ 1 | 2 }} => non executable command in pipeline stage 2
                    {{ ( 1 }} => unclosed left paren
                    {{ 1 ) }} => unexpected ")" in command
                    {{ "a }} => unterminated quoted string
                    {{ /* x }} => unexpected "/" in command
                    {{/* x }} => unclosed comment
                    {{ 1__0 }} => illegal number syntax: "1__0"
                    {{\u00a0}} => unrecognized character in action: U+00A0
                    {{ break }} => {{break}} outside {{range}}
                    {{ .a..b }} => unexpected <.> in operand
                    {{ define x }}{{ end }} => unexpected "x" in define clause
                    {{ if }}x{{end}} => missing value for if
                    {{ range $a, $b, $c := . }}{{end}} => too many declarations in range
                    {{ "a".b }} => unexpected . after term "\\"a\\""
                    {{ 1.x }} => bad number syntax: "1.x"
                    {{ if true }}{{ define "x" }}{{ end }}{{ end }} => unexpected <define> in command
                    {{ $x, $y := 1 }} => too many declarations in command
                    {{ true.b }} => unexpected . after term "true"
                    {{ a b }} => function "a" not defined
                    {{ if 1 }}{{ else }}{{ else }}{{ end }} => expected end; found {{else}}
                    {{ 'ab' }} => malformed character constant: 'ab'
                    {{ 08 }} => integer overflow: "08"
                    {{ 0x }} => illegal number syntax: "0x"
                    {{ 1+2 }} => bad number syntax: "1+2"
                    {{ 1.2.3 }} => unexpected ".3" in operand
                    {{ '' }} => invalid syntax
                    {{ if 1 }}{{ else with 2 }}{{ end }} => unexpected <with> in input
                    {{ | 1 }} => unexpected "|" in command
                    {{ 1 , 2 }} => unexpected "," in operand
                    {{ template foo }} => unexpected "foo" in template clause
                    {{ := 3 }} => unexpected ":=" in command
                    {{ range }}{{end}} => missing value for range
                    {{ end => unclosed action
                    """)
    void refusesWithGoMessages(String text, String message) {
        assertThatThrownBy(() -> Template.parse("t", text))
                .isInstanceOf(TemplateException.class)
                .message()
                .isEqualTo("template: t:1: " + message);
    }

    @Test
    void namesTheLineOfAFault() {
        assertThatThrownBy(() -> Template.parse("t", "a\nb\n{{ $nope }}")).hasMessageContaining("template: t:3: ");
    }

    @Test
    void failuresTellWhereAndWhy() {
        assertThat(error("{{ query \"none\" | first }}"))
                .isEqualTo("error executing template __alert_A: template: __alert_A:1:130: executing \"__alert_A\""
                        + " at <first>: error calling first: first() called on vector with no elements");
        assertThat(error("{{ humanize \"one\" }}"))
                .endsWith("1:115: executing \"__alert_A\" at <humanize \"one\">: error calling humanize:"
                        + " strconv.ParseFloat: parsing \"one\": invalid syntax");
        assertThat(error("{{ .Nope }}")).contains("at <.Nope>: can't evaluate field Nope in type struct {");
        assertThat(error("{{ query \"bad\" }}")).endsWith("error calling query: 1:1: parse error: no");
        assertThat(error("{{ query 5 }}")).endsWith("expected string; found 5");
        assertThat(error("{{ gt $value 3 }}")).endsWith("error calling gt: incompatible types for comparison");
        assertThat(error("{{ printf $value }}")).endsWith("wrong type for value; expected string; got float64");
        assertThat(error("{{ (query \"none\").banana }}"))
                .endsWith("1:122: executing \"__alert_A\" at <\"none\">:"
                        + " can't evaluate field banana in type template.queryResult");
        assertThat(error("{{ value nil }}"))
                .endsWith("error calling value: runtime error: invalid memory address or nil pointer dereference");
        assertThat(error("{{ first nil }}")).endsWith("first() called on vector with no elements");
        assertThat(error("{{ humanize 1 2 }}"))
                .endsWith("at <humanize>: wrong number of args for humanize: want 1 got 2");
        assertThat(error("{{ .Labels.job \"y\" }}")).endsWith("job is not a method but has arguments");
        assertThat(error("{{ lt true false }}")).endsWith("error calling lt: invalid type for comparison");
        assertThat(error("{{ first }}")).endsWith("wrong number of args for first: want 1 got 0");
        assertThat(error("{{ template \"nope\" }}")).endsWith("template \"nope\" not defined");
        assertThat(error("{{ range $value }}{{ end }}")).endsWith("range can't iterate over 5");
        assertThat(error("{{ reReplaceAll \"(\" \"\" \"x\" }}"))
                .contains("regexp: Compile(`(`): error parsing regexp: missing closing )");
    }

    @Test
    void endlessTemplatesEnd() {
        assertThat(error("{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}"))
                .contains("exceeded maximum template depth");
        assertThat(error("{{ range 100000000 }}x{{ end }}")).contains("range can't iterate");
        assertThat(error("{{ range 999999 }}{{ range 999 }}{{ end }}{{ end }}")).contains("steps");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> Template.parse("t", "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}"))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> Template.parse("t", "{{ if 1 }}".repeat(100_000)))
                .isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    text => NOTHING
                    {{ "x" | toUpper }} => NOTHING
                    {{ $labels.job }} {{ .Labels.job }} {{ externalURL }} => LABELS
                    {{ $value }} => VALUE
                    {{ .Value | humanize }} => VALUE
                    {{ . }} => VALUE
                    {{ query "up" }} => SURROUNDINGS
                    {{ if now }}{{ end }} => SURROUNDINGS
                    {{ define "x" }}{{ query "up" }}{{ end }}x => SURROUNDINGS
                    """)
    void knowsWhatAnExpansionDependsOn(String text, Dependence expected) throws TemplateException {
        assertThat(Template.parse("t", text).dependence()).isEqualTo(expected);
    }
}
