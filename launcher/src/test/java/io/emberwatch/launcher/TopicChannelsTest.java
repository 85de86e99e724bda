package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopicChannelsTest {
    private static final Path UPSTREAM = Path.of("../push/src/test/resources/upstream");
    private static final String TOPICS = """
            push:
              notifications:
                mattermost: {url: "https://chat.example.org/hooks/a$$b"}
                email: {hostname: mail.example.org, port: %d, from: m@example.org, username: u, password: "p$$w"}
            """;

    @TempDir
    private Path folder;

    @Test
    void aFileOfTheChatComponentGivesTheBridgeItsWebhook() throws Exception {
        BridgeConfig bridge =
                EmberwatchConfig.read(UPSTREAM.resolve("mattermost.yaml")).bridge();

        MattermostConfig chat = bridge.mattermost().get(0);
        assertThat(chat.url()).isEqualTo(new Secret("https://mattermost.example.org/hooks/abcdef"));
        assertThat(bridge.topics()).isEqualTo(new BridgeConfig.TopicTargets(List.of(chat.name()), List.of()));
        assertThat(bridge.defaultChannels()).as("alerts do not go there").isEmpty();
    }

    @Test
    void aFileOfTheMailComponentGivesTheBridgeItsServer() throws Exception {
        BridgeConfig bridge =
                EmberwatchConfig.read(UPSTREAM.resolve("email.yaml")).bridge();

        EmailConfig mail = bridge.email().get(0);
        assertThat(mail.host() + ":" + mail.port()).isEqualTo("mail.example.org:587");
        assertThat(mail.tls()).isEqualTo(EmailConfig.Tls.STARTTLS);
        assertThat(mail.from()).isEqualTo("monitoring@example.org");
        assertThat(mail.username()).isEqualTo("monitoring");
        assertThat(mail.password()).isEqualTo(new Secret("not-a-real-one"));
        assertThat(bridge.topics()).isEqualTo(new BridgeConfig.TopicTargets(List.of(), List.of(mail.name())));
    }

    @Test
    void thePortSaysWhetherMailIsEncrypted() throws Exception {
        assertThat(mail(465).tls()).isEqualTo(EmailConfig.Tls.TLS);
        assertThat(mail(25).tls()).isEqualTo(EmailConfig.Tls.NONE);
        assertThat(mail(25).password()).isEqualTo(new Secret("p$w"));
    }

    private EmailConfig mail(int port) throws Exception {
        return read(TOPICS.formatted(port)).email().get(0);
    }

    @Test
    void channelsOfTheBridgeGoFirst() throws Exception {
        BridgeConfig bridge = read(TOPICS.formatted(587) + """
                bridge:
                  mattermost: [{name: ops, url: "https://other.example.org/hooks/c"}]
                """);

        assertThat(bridge.mattermost()).extracting(MattermostConfig::name).containsExactly("ops");
        assertThat(bridge.email()).extracting(EmailConfig::name).containsExactly("email-topic");
        assertThat(bridge.topics()).isEqualTo(new BridgeConfig.TopicTargets(List.of("ops"), List.of("email-topic")));
        assertThat(bridge.defaultChannels()).as("where alerts go").containsExactly("ops");
    }

    @Test
    void whatIsNoChannelIsSaid() {
        assertThatThrownBy(() -> read("push: {notifications: {email: {hostname: mail.example.org}}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("push.notifications.email")
                .hasMessageContaining("from");
    }

    @Test
    void everyFileOfTheO2ComponentsPassesTheCheckAndSoDoesWhatItBecomes() throws Exception {
        for (String name : List.of("router", "aggregator", "onoff", "influxdb-udp", "mattermost", "email")) {
            Path theirs = UPSTREAM.resolve(name + ".yaml");
            assertThat(Cli.run("check", "--config", theirs.toString()).exitCode())
                    .as(name)
                    .isZero();
            Cli migrated = Cli.run("push", "migrate", theirs.toString());
            Path ours = Files.writeString(folder.resolve(name + ".yml"), migrated.out());
            assertThat(Cli.run("check", "--config", ours.toString())).isEqualTo(new Cli(0, ours + ": ok\n", ""));
            assertThat(EmberwatchConfig.read(ours)).isEqualTo(EmberwatchConfig.read(theirs));
        }
    }

    private BridgeConfig read(String text) throws IOException, ConfigException {
        return EmberwatchConfig.read(Files.writeString(folder.resolve("emberwatch.yml"), text))
                .bridge();
    }
}
