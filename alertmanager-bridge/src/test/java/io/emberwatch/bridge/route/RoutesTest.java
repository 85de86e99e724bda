package io.emberwatch.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.model.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    private static final Labels LABELS =
            Labels.of("alertname", "EtcdNoLeader", "severity", "critical", "team", "a,b \"c\"", "cluster", "prod-1");

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\0', textBlock = """
                    severity=critical                     ; true
                    severity = "critical"                 ; true
                    severity="warning"                    ; false
                    severity!=warning                     ; true
                    cluster=~"prod-.*"                    ; true
                    cluster=~"prod"                       ; false
                    cluster!~"prod"                       ; true
                    cluster=~prod-1|test                  ; true
                    missing=""                            ; true
                    missing!=""                           ; false
                    missing=~".*"                         ; true
                    team="a,b \\"c\\""                    ; true
                    {severity="critical", cluster=~"p.*"} ; true
                    {severity="critical", cluster="x"}    ; false
                    severity="critical",team=~"a,b.*"     ; true
                    {}                                    ; true
                    """)
    void matchersMeanWhatTheyMeanInAlertmanager(String text, boolean expected) {
        assertThat(LabelMatcher.parseAll(text).stream().allMatch(matcher -> matcher.matches(LABELS)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"severity", "=x", "severity=~\"(\"", "a=\"b", "a=b\"c", "1a=b", "a==\"b\"c\""})
    void whatIsNoMatcherIsRefused(String text) {
        assertThatThrownBy(() -> LabelMatcher.parseAll(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Notification from(String receiver, String... names) {
        return Samples.group(List.of(names).stream()
                        .map(name -> Samples.firing(name, "1"))
                        .toList())
                .withReceiver(receiver);
    }

    @Test
    void theFirstRouteThatHoldsCountsUnlessItPassesOn() {
        Routes routes = new Routes(
                List.of(
                        new RouteConfig(null, List.of("alertname=\"A\""), List.of("audit"), true),
                        new RouteConfig("team", List.of("alertname=~\"A|B\""), List.of("team"), false),
                        new RouteConfig("team", List.of(), List.of("rest"), false)),
                List.of("all"));
        assertThat(routes.channels(from("team", "A"))).containsExactly("audit", "team");
        assertThat(routes.channels(from("team", "B"))).containsExactly("team");
        assertThat(routes.channels(from("team", "C"))).containsExactly("rest");
        assertThat(routes.channels(from("other", "C"))).containsExactly("all");
        assertThat(routes.channels(from("other", "A"))).containsExactly("audit");
        assertThat(routes.channels(from("team", "B", "C"))).containsExactly("rest", "team");
        assertThat(routes.isUnknown("team")).isFalse();
        assertThat(routes.isUnknown("other")).isTrue();
        assertThat(new Routes(List.of(), List.of("all")).isUnknown("other")).isFalse();
    }
}
