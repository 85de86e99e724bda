package io.emberwatch.bridge.email;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.template.TemplateConfig;
import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailWriterTest {
    private final MailWriter writer = new MailWriter(
            config(1 << 20),
            EmailChannel.Surroundings.plain(
                    new Style(new Times(ZoneId.of("UTC")), Addresses.of("https://bridge.example"))));

    private static EmailConfig config(long maxSize) {
        return new EmailConfig(
                "ops",
                "localhost",
                25,
                EmailConfig.Tls.NONE,
                null,
                null,
                null,
                "Emberwatch <alerts@example.com>",
                List.of("ann@example.com", "Bob <bob@example.com>"),
                Duration.ofSeconds(1),
                new ByteSize(maxSize),
                200,
                TemplateConfig.NONE,
                null,
                100,
                100);
    }

    private MimeMessage mail(Message message) throws MessagingException {
        return writer.write(Session.getInstance(new Properties()), message);
    }

    private static String bytes(MimeMessage mail) throws MessagingException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstMailOfAnIncidentLooksLikeThis() throws Exception {
        String text = bytes(mail(Samples.message(Samples.firing("EtcdNoLeader", "etcd-1"))));
        assertThat(text.replace("\r\n", "\n")).isEqualTo("""
                        Date: Sat, 21 Nov 2026 12:09:03 +0000 (UTC)
                        From: Emberwatch <alerts@example.com>
                        To: ann@example.com, Bob <bob@example.com>
                        Message-ID: <em.ops.1z-abc.0@example.com>
                        Subject: [FIRING:1] EtcdNoLeader prod
                        MIME-Version: 1.0
                        Content-Type: multipart/alternative; boundary="=_em-1z-abc-0"
                        List-Id: Emberwatch alerts <ops.alerts.emberwatch.example.com>
                        Auto-Submitted: auto-generated
                        X-Auto-Response-Suppress: All
                        X-Emberwatch-Incident: 1z-abc
                        X-Emberwatch-Severity: critical
                        X-Emberwatch-Status: firing
                        X-Emberwatch-Group: {cluster="prod"}
                        Importance: high

                        --=_em-1z-abc-0
                        Content-Type: text/plain; charset=UTF-8
                        Content-Transfer-Encoding: quoted-printable

                        [FIRING:1] EtcdNoLeader prod


                        * EtcdNoLeader (critical, firing since 2026-11-21 12:01:03 UTC (8m))
                          etcd-1 is ill
                          since a while
                            cluster: prod
                            instance: etcd-1
                            graph: http://prom.example/graph?g0.expr=3Dup

                        Silence at Alertmanager: http://am.example/#/silences/new?filter=3D%7Balert=
                        name%3D%22EtcdNoLeader%22%2C%20cluster%3D%22prod%22%2C%20instance%3D%22etcd=
                        -1%22%2C%20severity%3D%22critical%22%7D

                        --=20
                        Incident 1z-abc, receiver team, told 2026-11-21 12:09:03 UTC
                        https://bridge.example/notifications.html?search=3D1z-abc

                        --=_em-1z-abc-0
                        Content-Type: text/html; charset=UTF-8
                        Content-Transfer-Encoding: quoted-printable

                        <!DOCTYPE html>
                        <html><head><meta charset=3D"utf-8"><meta name=3D"viewport" content=3D"widt=
                        h=3Ddevice-width"><meta name=3D"color-scheme" content=3D"light dark"></head=
                        >
                        <body style=3D"font-family:sans-serif;font-size:14px;overflow-wrap:anywhere=
                        ">
                        <h2>[FIRING:1] EtcdNoLeader prod</h2>
                        <div style=3D"border-left:4px solid #a30200;padding-left:8px;margin-bottom:=
                        12px">
                        <b>EtcdNoLeader</b> critical, firing since 2026-11-21 12:01:03 UTC (8m)<br>
                        etcd-1 is ill<br>
                        since a while<br>
                        <table>
                        <tr><td style=3D"color:#777;vertical-align:top;white-space:nowrap">cluster<=
                        /td><td>prod</td></tr>
                        <tr><td style=3D"color:#777;vertical-align:top;white-space:nowrap">instance=
                        </td><td>etcd-1</td></tr>
                        </table>
                        <a href=3D"http://prom.example/graph?g0.expr=3Dup">graph</a>
                        </div>
                        <p><a href=3D"http://am.example/#/silences/new?filter=3D%7Balertname%3D%22E=
                        tcdNoLeader%22%2C%20cluster%3D%22prod%22%2C%20instance%3D%22etcd-1%22%2C%20=
                        severity%3D%22critical%22%7D">Silence at Alertmanager</a> &nbsp; </p>
                        <p style=3D"color:#777">Incident 1z-abc, receiver team, told 2026-11-21 12:=
                        09:03 UTC =C2=B7 <a href=3D"https://bridge.example/notifications.html?searc=
                        h=3D1z-abc">what became of it</a></p>
                        </body></html>

                        --=_em-1z-abc-0--
                        """);
    }

    @Test
    void laterMailsBelongToTheThreadOfTheFirst() throws Exception {
        Message first = Samples.message(Samples.firing("EtcdNoLeader", "etcd-1"));
        String reference = writer.thread(first).toString();
        Notification resolved =
                Samples.group(Samples.resolved("EtcdNoLeader", "etcd-1"), Samples.resolved("Late", "x"));
        MimeMessage mail = mail(Samples.message(resolved, 4, reference));
        assertThat(mail.getMessageID()).isEqualTo("<em.ops.1z-abc.4@example.com>");
        assertThat(mail.getHeader("In-Reply-To")).containsExactly("<em.ops.1z-abc.0@example.com>");
        assertThat(mail.getHeader("References")).containsExactly("<em.ops.1z-abc.0@example.com>");
        assertThat(mail.getSubject()).isEqualTo("[RESOLVED] EtcdNoLeader prod");
        assertThat(mail.getHeader("X-Emberwatch-Status")).containsExactly("resolved");
        assertThat(mail.getHeader("Importance")).isNull();
    }

    @Test
    void theSameMessageGivesTheSameBytes() throws Exception {
        Message message = Samples.message(Samples.firing("Ill", "é"));
        assertThat(bytes(mail(message))).isEqualTo(bytes(mail(message)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nBcc: evil@example.com",
                "x\nSubject: other",
                "<script>alert(1)</script>",
                "\" onmouseover=\"alert(1)",
                "javascript:alert(1)",
                "\u202eexe.txt",
                "naïve 漢字 😀",
                "=?UTF-8?Q?fake?="
            })
    void nothingInAnAlertReachesHeadersOrMarkup(String evil) throws Exception {
        NotifiedAlert alert = Samples.alert(
                true,
                Labels.of("alertname", evil, "x", evil, "severity", "critical"),
                Labels.of("summary", evil, "runbook_url", evil, "dashboard_url", "https://x.example/\"><b>"));
        Notification notification =
                new Notification(evil, "{}:{}", Labels.of("cluster", evil), List.of(alert), 0, "", "http://am.example");
        MimeMessage mail = mail(Samples.message(notification, 0, null));
        String text = bytes(mail);
        MimeMessage read = new MimeMessage(
                Session.getInstance(new Properties()),
                new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(Collections.list(read.getAllHeaders()).stream().map(jakarta.mail.Header::getName))
                .doesNotContain("Bcc")
                .doesNotHaveDuplicates();
        assertThat(read.getHeader("Subject")).hasSize(1);
        assertThat(read.getSubject()).startsWith("[FIRING:1] ");
        assertThat(text.substring(0, text.indexOf("\r\n\r\n"))).matches("[\\x09\\x0a\\x0d\\x20-\\x7e]*");
        String html =
                (String) ((MimeMultipart) read.getContent()).getBodyPart(1).getContent();
        assertThat(html)
                .doesNotContain("<script", "href=\"javascript", "\" onmouseover", "\"><b>", "\u202e")
                .doesNotContain("href=\"x");
    }

    @Test
    void aLargeGroupIsCutBetweenAlertsAndCounted() throws Exception {
        List<NotifiedAlert> alerts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            alerts.add(Samples.firing("Ill", "host-" + i));
        }
        String all = bytes(mail(Samples.message(Samples.group(alerts), 0, null)));
        assertThat(all).contains("And 800 more alerts.");
        MailWriter small = new MailWriter(config(100_000), EmailChannel.Surroundings.plain(Samples.STYLE));
        String little = bytes(
                small.write(Session.getInstance(new Properties()), Samples.message(Samples.group(alerts), 0, null)));
        assertThat(little.length()).isLessThan(100_000);
        assertThat(little).containsPattern("And 9[0-9]{2} more alerts\\.");
    }

    private static MailWriter templated(String template) throws ConfigException {
        EmailConfig config = ConfigReader.parse(
                "mail.yml",
                "{name: ops, host: localhost, tls: none, from: a@example.com, to: [b@example.com], time_zone: Asia/Tokyo,"
                        + " template: " + template + "}",
                EmailConfig.class);
        return new MailWriter(
                config,
                EmailChannel.Surroundings.plain(
                        new Style(new Times(ZoneId.of("Asia/Tokyo")), Addresses.of("https://bridge.example"))));
    }

    private static String part(MimeMessage mail, int index) throws Exception {
        return (String) ((MimeMultipart) mail.getContent()).getBodyPart(index).getContent();
    }

    @Test
    void aTemplateWritesSubjectTextAndHtmlAndLabelsInItAreNoMarkup() throws Exception {
        Message message = Samples.message(Samples.firing("<b>Ill</b>", "db-1"));
        MimeMessage mail = templated(
                        "{title: '{{ group.firing }} ill in {{ group.labels.cluster }}', alert: '{{ alert.name }} at {{ alert.labels.instance }}, {{ alert.since }}', html: '<h3>{{ alert.name }}</h3>'}")
                .write(Session.getInstance(new Properties()), message);
        assertThat(mail.getSubject()).isEqualTo("[FIRING:1] 1 ill in prod");
        assertThat(part(mail, 0)).contains("<b>Ill</b> at db-1, 2026-11-21 21:01:03 JST");
        assertThat(part(mail, 1)).contains("<h3>&lt;b&gt;Ill&lt;/b&gt;</h3>").doesNotContain("at db-1");
        MimeMessage plain =
                templated("{alert: '{{ alert.name }}'}").write(Session.getInstance(new Properties()), message);
        assertThat(part(plain, 1)).contains("&lt;b&gt;Ill&lt;/b&gt;<br>").doesNotContain("<table>");
    }

    @Test
    void aTemplateThatFailsLeavesTheBuiltInTextAndSaysSo() throws Exception {
        MimeMessage mail = templated("{alert: '{% if alert.name == \"Bad\" %}{{ 1 / 0 }}{% endif %}x'}")
                .write(Session.getInstance(new Properties()), Samples.message(Samples.firing("Bad", "db-1")));
        assertThat(part(mail, 0))
                .contains("* Bad (critical, firing since", "The template failed, this is the built-in text.");
    }

    @Test
    void aMailLeadsToASilenceAndToWhatBecameOfIt() throws Exception {
        MimeMessage mail = mail(Samples.message(Samples.firing("Ill", "db-1")));
        assertThat(part(mail, 0))
                .contains("Silence at Alertmanager: http://am.example/#/silences/new?filter=%7Balertname%3D%22Ill%22")
                .contains("https://bridge.example/notifications.html?search=1z-abc");
    }
}
