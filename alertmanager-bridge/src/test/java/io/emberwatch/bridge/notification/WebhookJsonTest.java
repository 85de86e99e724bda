package io.emberwatch.bridge.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookJsonTest {
    /** As Alertmanager 0.25 sent it, the receiver being {@code team.a}. */
    private static final String V0_25 = """
            {"receiver":"team\\\\.a","status":"firing","alerts":[
            {"status":"firing","labels":{"alertname":"T","r":"413"},"annotations":{"summary":"it is ill"},
             "startsAt":"2026-11-21T01:41:24.709246669Z","endsAt":"0001-01-01T00:00:00Z",
             "generatorURL":"http://prom/graph?g0.expr=up","fingerprint":"9d1f50624089413a"},
            {"status":"resolved","labels":{"alertname":"T","r":"414"},"annotations":{},
             "startsAt":"2026-11-21T01:41:24+01:00","endsAt":"2026-11-21T01:45:00+01:00",
             "generatorURL":"","fingerprint":"0d1f50624089413b"}],
            "groupLabels":{"alertname":"T"},"commonLabels":{"alertname":"T"},"commonAnnotations":{},
            "externalURL":"http://vm:23993","version":"4",
            "groupKey":"{}/{r=\\"413\\"}:{alertname=\\"T\\"}","truncatedAlerts":3}
            """;

    private static Notification parse(String body) throws MalformedPayload {
        return WebhookJson.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatAlertmanagerWrites() throws MalformedPayload {
        Notification notification = parse(V0_25);
        assertThat(notification.receiver()).isEqualTo("team.a");
        assertThat(notification.groupKey()).isEqualTo("{}/{r=\"413\"}:{alertname=\"T\"}");
        assertThat(notification.groupLabels()).isEqualTo(Labels.of("alertname", "T"));
        assertThat(notification.truncatedAlerts()).isEqualTo(3);
        assertThat(notification.externalUrl()).isEqualTo("http://vm:23993");
        assertThat(notification.isFiring()).isTrue();
        assertThat(notification.firing()).isEqualTo(1);
        NotifiedAlert firing = notification.alerts().get(0);
        assertThat(firing.endsAt()).isNull();
        assertThat(firing.startsAt()).isEqualTo(Instant.parse("2026-11-21T01:41:24.709246669Z"));
        assertThat(firing.fingerprint()).isEqualTo("9d1f50624089413a");
        assertThat(notification.alerts().get(1).endsAt()).isEqualTo(Instant.parse("2026-11-21T00:45:00Z"));
    }

    @Test
    void takesMembersThatNewerVersionsAdd() throws MalformedPayload {
        Notification notification = parse(
                V0_25.replace(
                        "\"version\":\"4\"",
                        "\"notification_reason\":\"repeat interval elapsed\",\"routeLabels\":{\"a\":[{\"b\":null}]},\"version\":\"4\""));
        assertThat(notification.isRepeat()).isTrue();
    }

    @Test
    void takesNullForAnEmptyMap() throws MalformedPayload {
        Notification notification = parse(V0_25.replace("\"groupLabels\":{\"alertname\":\"T\"}", "\"groupLabels\":null")
                .replace("\"annotations\":{}", "\"annotations\":null"));
        assertThat(notification.groupLabels()).isEqualTo(Labels.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    "version":"4"        | "version":"3"                  | version: expected "4", found 3
                    "version":"4"        | "other":"4"                    | version: expected "4", found none
                    "version":"4"        | "version":4                    | version: expected a string, found VALUE_NUMBER_INT
                    "receiver":          | "recipient":                   | receiver: is missing
                    "alerts":[           | "alerts":3, "x":[              | alerts: expected an array, found VALUE_NUMBER_INT
                    "status":"resolved"  | "status":"pending"             | alerts[1].status: expected "firing" or "resolved", found pending
                    "labels":{           | "labels":7, "x":{              | alerts[0].labels: expected an object, found VALUE_NUMBER_INT
                    "r":"414"            | "r":414                        | alerts[1].labels.r: expected a string, found VALUE_NUMBER_INT
                    "2026-11-21T01:41:24+01:00" | "yesterday"             | alerts[1].startsAt: expected a time such as 2026-11-21T01:41:24.709Z, found yesterday
                    "truncatedAlerts":3  | "truncatedAlerts":-1           | truncatedAlerts: expected a count, found VALUE_NUMBER_INT
                    "truncatedAlerts":3  | "truncatedAlerts":3, "alerts":[] | not JSON: Duplicate field 'alerts'
                    """)
    void saysWhatIsWrong(String from, String to, String message) {
        assertThat(V0_25).contains(from);
        assertThatThrownBy(() -> parse(V0_25.replaceFirst(
                        java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to))))
                .isInstanceOf(MalformedPayload.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesWhatIsNotOneObject() {
        for (String body : List.of("", "[]", "null", "\"4\"", "{", V0_25 + "{}", "{\"a\":".repeat(100))) {
            assertThatThrownBy(() -> parse(body)).isInstanceOf(MalformedPayload.class);
        }
        assertThatThrownBy(() -> WebhookJson.parse(new byte[] {(byte) 0xff, 0, 1, 2}))
                .isInstanceOf(MalformedPayload.class);
    }

    @Test
    void refusesNothingButByTheDocumentedException() {
        Random random = new Random(1);
        byte[] good = V0_25.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            try {
                WebhookJson.parse(body);
            } catch (MalformedPayload e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void readsBackWhatItWrites() throws MalformedPayload {
        Notification notification = parse(V0_25);
        assertThat(WebhookJson.parse(WebhookJson.write(notification))).isEqualTo(notification);
    }

    @Test
    void undoesWhatAlertmanagerDoesToNames() {
        String name = "a.b+c*d?e(f)g|h[i]j{k}l^m$n\\o-p";
        assertThat(WebhookJson.quoteMeta("a.b")).isEqualTo("a\\.b");
        assertThat(WebhookJson.unquoteMeta(WebhookJson.quoteMeta(name))).isEqualTo(name);
        assertThat(WebhookJson.unquoteMeta("plain\\")).isEqualTo("plain\\");
    }

    @Test
    void fingerprintsAsAlertmanagerDoes() {
        assertThat(NotifiedAlert.fingerprintOf(Labels.EMPTY)).isEqualTo("cbf29ce484222325");
        assertThat(NotifiedAlert.fingerprintOf(Labels.of("alertname", "T", "r", "413")))
                .hasSize(16)
                .isNotEqualTo(NotifiedAlert.fingerprintOf(Labels.of("alertname", "T", "r", "414")));
    }
}
