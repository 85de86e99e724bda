package io.emberwatch.bridge.mattermost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.delivery.SingleMessage;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GAP = "\u200b";

    static MattermostConfig config(String url, int maxText, long maxBody) {
        return config("""
                name: chat
                url: "%s"
                max_text: %d
                max_body: %d
                timeout: 2s
                rate_per_second: 1000
                burst: 1000
                """.formatted(url, maxText, maxBody));
    }

    static MattermostConfig config(String yaml) {
        try {
            return ConfigReader.parse("chat.yml", yaml, MattermostConfig.class);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static PostWriter writer(int maxText, long maxBody) {
        return new PostWriter(
                config("http://chat.example/hooks/x", maxText, maxBody),
                new Style(new Times(ZoneId.of("UTC")), Addresses.of("https://bridge.example/page")),
                () -> {});
    }

    private static PostWriter writer() {
        return writer(16_383, 300_000);
    }

    private static JsonNode json(PostWriter.Post post) throws IOException {
        return JSON.readTree(post.body().bytes());
    }

    @Test
    void aMessageOfOneAlertLooksLikeThis() throws IOException {
        PostWriter.Post post = writer().write(Samples.message(Samples.firing("EtcdNoLeader", "etcd-1")), 0, 300_000);
        assertThat(post.isLast()).isTrue();
        assertThat(JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(json(post))
                        .replace("\r", ""))
                .isEqualTo("""
                        {
                          "text" : "",
                          "props" : {
                            "em_incident" : "1z-abc",
                            "em_seq" : 0,
                            "em_from" : 0
                          },
                          "attachments" : [ {
                            "color" : "#a30200",
                            "fallback" : "[FIRING:1] EtcdNoLeader prod",
                            "title" : "[FIRING:1] EtcdNoLeader prod",
                            "title_link" : "https://bridge.example/page/notifications.html?search=1z-abc",
                            "text" : "**EtcdNoLeader** · critical · firing since 2026-11-21 12:01:03 UTC (8m)\\netcd-1 is ill\\nsince a while\\ninstance=etcd-1\\n[graph](http://prom.example/graph?g0.expr=up) · [silence](http://am.example/#/silences/new?filter=%7Balertname%3D%22EtcdNoLeader%22%2C%20cluster%3D%22prod%22%2C%20instance%3D%22etcd-1%22%2C%20severity%3D%22critical%22%7D)",
                            "footer" : "incident 1z-abc · team · 2026-11-21 12:09:03 UTC"
                          } ]
                        }""");
    }

    @Test
    void firingComesFirstAndResolvedIsGreen() throws IOException {
        JsonNode json = json(writer().write(
                        Samples.message(Samples.resolved("A", "1"), Samples.firing("B", "2"), Samples.firing("C", "3")),
                        0,
                        300_000));
        assertThat(json.path("attachments")).hasSize(2);
        assertThat(json.path("attachments").path(0).path("title").asText()).isEqualTo("[FIRING:2] B, C prod");
        assertThat(json.path("attachments").path(0).path("text").asText()).contains("**B**", "\n\n**C**");
        assertThat(json.path("attachments").path(1).path("color").asText()).isEqualTo("#2eb886");
        assertThat(json.path("attachments").path(1).path("text").asText())
                .contains("**A** · critical · fired 2026-11-21 12:01:03 UTC, resolved 12:09:03 (after 8m)");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyAlertIsShownWholeAndOnceWhateverTheLimits(long seed) throws IOException {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(seed == 1 ? 5000 : 200);
        List<NotifiedAlert> alerts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alerts.add(Samples.alert(
                    random.nextInt(4) > 0,
                    Labels.of(
                            "alertname", "A" + random.nextInt(9), "number", "n" + i + "n", "noise", noise(random, 80)),
                    Labels.of(
                            "summary",
                            noise(random, 300),
                            "description",
                            noise(random, random.nextInt(10) == 0 ? 4000 : 100))));
        }
        Message message = SingleMessage.of(Samples.group(alerts), "1z-abc", 0, Samples.TOLD);
        int maxText = 2000 + random.nextInt(14_383);
        long maxBody = 20_000L + random.nextInt(280_000);
        PostWriter writer = writer(maxText, maxBody);
        StringBuilder all = new StringBuilder();
        int from = 0;
        PostWriter.Post post;
        do {
            post = writer.write(message, from, maxBody);
            assertThat(post.next()).isGreaterThan(from);
            assertThat(post.body().size()).isLessThanOrEqualTo((int) maxBody);
            int runes = 0;
            for (JsonNode attachment : json(post).path("attachments")) {
                String text = attachment.path("text").asText();
                runes += Clip.runes(text)
                        + Clip.runes(attachment.path("title").asText())
                        + Clip.runes(attachment.path("footer").asText());
                assertThat(text).startsWith("**A").doesNotContain("\ufffd");
                all.append(text);
            }
            assertThat(runes).isLessThanOrEqualTo(maxText);
            from = post.next();
        } while (!post.isLast());
        assertThat(post.total()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(all.indexOf("=n" + i + "n")).as("alert " + i).isGreaterThanOrEqualTo(0);
        }
    }

    // Letters, markup, ideographs and characters beyond the first plane.
    private static String noise(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.appendCodePoint(0x1f600 + random.nextInt(40));
                case 1 -> text.appendCodePoint(0x4e00 + random.nextInt(2000));
                case 2 -> text.append("`*_[]()@<>|~#\n\"\\".charAt(random.nextInt(16)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    @Test
    void aTemplateWritesTheTextAndLabelsInItDoNothing() throws IOException {
        int[] faults = new int[1];
        PostWriter writer = new PostWriter(config("""
                        name: chat
                        url: http://chat.example/hooks/x
                        template:
                          title: "{{ group.firing }} of {{ group.labels.cluster }}"
                          alert: "{{ alert.name }} on {{ alert.labels.instance | upper }}{% if alert.name == 'Bad' %}{{ 1 / 0 }}{% endif %}"
                        """), Samples.STYLE, () -> faults[0]++);
        JsonNode attachment = json(writer.write(Samples.message(Samples.firing("@channel", "a*b")), 0, 300_000))
                .path("attachments")
                .path(0);
        assertThat(attachment.path("title").asText()).isEqualTo("1 of prod");
        assertThat(attachment.path("text").asText()).isEqualTo("@" + GAP + "channel on A\\*B");
        attachment = json(writer.write(Samples.message(Samples.firing("Bad", "a")), 0, 300_000))
                .path("attachments")
                .path(0);
        assertThat(attachment.path("text").asText()).startsWith("**Bad** · critical · firing since");
        assertThat(attachment.path("footer").asText()).endsWith("the template failed, this is the built-in text");
        assertThat(faults[0]).isPositive();
        assertThatThrownBy(() -> config("{name: chat, url: 'http://chat.example/hooks/x', template: {title: '{{ a'}}"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void whatWasNotToldIsCounted() throws IOException {
        Message one = Samples.message(Samples.firing("A", "1"));
        Message.Alerts alerts = (Message.Alerts) one.content();
        Message message = new Message(
                one.incident(),
                new Message.Alerts(
                        Samples.TOLD,
                        alerts.alerts(),
                        List.of(new Message.State(Samples.START, 1, 0), new Message.State(Samples.TOLD, 0, 1)),
                        new Message.Tally(7, 2, 5, true)),
                one.attempt());
        assertThat(json(writer().write(message, 0, 300_000))
                        .path("attachments")
                        .path(0)
                        .path("text")
                        .asText())
                .startsWith("""
                        Sent again: this is how things were at 2026-11-21 12:09:03 UTC.
                        Still so, told 3 times.
                        7 more alerts were left out by the sender.
                        What happened meanwhile: 12:01:03 1 firing, 0 resolved; 12:09:03 0 firing, 1 resolved; 3 more changes.

                        **A**""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@channel",
                "<!channel>",
                "<!here> and <!all>",
                "<@user>",
                "](javascript:alert(1))",
                "[click](http://evil.example)",
                "![x](http://evil.example/pixel)",
                "```\n@all\n```",
                "`code`",
                "# heading\n> quote\n- list\n1. list\n===",
                "| a | b |\n|---|---|",
                "**bold** __bold__ ~~gone~~",
                "a\r\nBcc: x@evil.example",
                "\u202egnp.exe",
                "\ud800 lonely",
                "\u0000\u0007bell"
            })
    void whatLabelsAndAnnotationsSayIsShownAsItIsAndDoesNothing(String evil) throws IOException {
        NotifiedAlert alert = Samples.alert(
                true,
                Labels.of("alertname", evil, "x", evil, "severity", evil),
                Labels.of("summary", evil, "description", "begin\n" + evil, "note", evil, "runbook_url", evil));
        Message message = new Message(
                new Message.Incident("1z-abc", 0, evil, Labels.of("cluster", evil)),
                Samples.message(alert).content(),
                Message.Attempt.FIRST);
        JsonNode json = json(writer().write(message, 0, 300_000));
        JsonNode attachment = json.path("attachments").path(0);
        for (String field : List.of("title", "text", "footer", "fallback")) {
            String shown = attachment.path(field).asText();
            assertThat(shown)
                    .as(field)
                    .doesNotContainPattern("@[a-z]")
                    .doesNotContain("<!", "<@", "](java", "](http://evil", "\r", "\u202e", "\u0000", "\u0007");
        }
        String text = attachment.path("text").asText();
        assertThat(text)
                .doesNotContainPattern("(^|[^\\\\])`")
                .doesNotContainPattern("(?m)^[-+=>#|]")
                .doesNotContainPattern("(?m)^[0-9]+\\.")
                .doesNotContain("~~gone~~", "__bold__")
                .doesNotContainPattern("[^\\\\]\\[(click|x)");
    }

    @Test
    void escapingKeepsWhatPeopleRead() {
        assertThat(Markdown.value("etcd_disk-1.prod:2379/x", 100)).isEqualTo("etcd\\_disk-1.prod:2379/x");
        assertThat(Markdown.text("a < 5 & b\n\n\n\n- x", 100)).isEqualTo("a <" + GAP + " 5 & b\n\n" + GAP + "- x");
        assertThat(Markdown.text("10 of 20\n2. x\n30) y", 100))
                .isEqualTo("10 of 20\n" + GAP + "2. x\n" + GAP + "30) y");
        assertThat(Markdown.text("see (https://wiki.example/etcd_no_leader#a_b), x_y", 100))
                .isEqualTo("see \\(https://wiki.example/etcd_no_leader#a_b), x\\_y");
        assertThat(Markdown.value("https://wiki.example/a_b] https://x* https://medium.example/@all", 100))
                .isEqualTo(
                        "https://wiki.example/a_b\u200a\\] https://x\u200a\\* https://medium.example/@" + GAP + "all");
        assertThat(Markdown.value("C:\\temp \\\\server\\x \\* a\\", 100))
                .isEqualTo("C:\\temp \\\\\\server\\x \\\\\\* a\\\\");
        assertThat(Markdown.value("&lt;b&gt; & a&b", 100)).isEqualTo("&" + GAP + "lt;b&" + GAP + "gt; & a&b");
        assertThat(Markdown.title("[FIRING:1] a](b) @x")).isEqualTo("[FIRING:1] a]" + GAP + "(b) @" + GAP + "x");
    }

    @Test
    void aTextIsNeverCutWithinACharacter() {
        assertThat(Clip.to("a😀b", 2)).isEqualTo("a…");
        assertThat(Clip.to("😀😀😀", 2)).isEqualTo("😀…");
        assertThat(Clip.to("😀😀😀", 3)).isEqualTo("😀😀😀");
        assertThat(Clip.to("abc", 0)).isEmpty();
    }
}
