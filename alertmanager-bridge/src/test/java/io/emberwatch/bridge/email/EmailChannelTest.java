package io.emberwatch.bridge.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.template.TemplateConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;

class EmailChannelTest {
    private static final Message MESSAGE = Samples.message(Samples.firing("Ill", "a"));
    private static final List<String> THREE = List.of("ok@example.com", "grey@example.com", "bad@example.com");

    private SmtpPeer smtp;
    private EmailChannel channel;

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.close();
        }
        if (smtp != null) {
            smtp.close();
        }
    }

    private static EmailConfig config(int port, EmailConfig.Tls tls, Path ca, String username, List<String> to) {
        return new EmailConfig(
                "ops",
                "localhost",
                port,
                tls,
                ca,
                username,
                username == null ? null : new Secret("pass word"),
                "Emberwatch <alerts@example.com>",
                to,
                Duration.ofSeconds(1),
                new ByteSize(1 << 20),
                200,
                TemplateConfig.NONE,
                null,
                100,
                100);
    }

    private EmailChannel plain(List<String> to) {
        smtp = SmtpPeer.start();
        channel = channel(config(smtp.port(), EmailConfig.Tls.NONE, null, null, to));
        return channel;
    }

    private static EmailChannel channel(EmailConfig config) {
        return new EmailChannel(config, EmailChannel.Surroundings.plain(Samples.STYLE));
    }

    @Test
    void oneConnectionCarriesManyMails() {
        plain(List.of("ok@example.com"));
        for (int i = 0; i < 5; i++) {
            assertThat(channel.deliver(MESSAGE)).isInstanceOf(Outcome.Delivered.class);
        }
        assertThat(smtp.mails()).hasSize(5);
        assertThat(smtp.connections()).isEqualTo(1);
    }

    @Test
    void eachReceiverSucceedsOrFailsAlone() {
        plain(THREE);
        smtp.answerReceiver("grey@example.com", 451);
        smtp.answerReceiver("bad@example.com", 550);
        assertThat(channel.deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Delivered.class, delivered -> {
            assertThat(delivered.rest()).isEqualTo("grey@example.com");
            assertThat(delivered.refusals()).hasSize(1);
            assertThat(delivered.refusals().get(0).target()).isEqualTo("bad@example.com");
            assertThat(delivered.refusals().get(0).code()).isEqualTo("550");
        });
        assertThat(smtp.mails().get(0).to()).containsExactly("ok@example.com");
        assertThat(channel.deliver(Samples.after(MESSAGE, "grey@example.com")))
                .isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
                    assertThat(retry.code()).isEqualTo("451");
                    assertThat(retry.scope()).isEqualTo(Outcome.Scope.MESSAGE);
                });
        smtp.answerReceiver("grey@example.com", 250);
        assertThat(channel.deliver(Samples.after(MESSAGE, "grey@example.com")))
                .isInstanceOfSatisfying(
                        Outcome.Delivered.class,
                        delivered -> assertThat(delivered.rest()).isNull());
        assertThat(smtp.mails().get(1).to()).containsExactly("grey@example.com");
        assertThat(smtp.mails().get(1).text()).isEqualTo(smtp.mails().get(0).text());
    }

    @Test
    void nobodyAtAllIsRetriedOrGivenUpByTheWorstAnswer() {
        plain(List.of("grey@example.com", "bad@example.com"));
        smtp.answerReceiver("grey@example.com", 451);
        smtp.answerReceiver("bad@example.com", 550);
        assertThat(channel.deliver(MESSAGE)).isInstanceOf(Outcome.Retry.class);
        smtp.answerReceiver("grey@example.com", 553);
        assertThat(channel.deliver(MESSAGE))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .contains("grey@example.com", "bad@example.com", "receiver refused"));
    }

    @Test
    void answersToTheMessageItselfCountForAll() {
        plain(List.of("ok@example.com"));
        smtp.answerData(451);
        assertThat(channel.deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("451");
            assertThat(retry.unsure()).isFalse();
        });
        smtp.answerData(554);
        assertThat(channel.deliver(MESSAGE))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo("554"));
        assertThat(channel.deliver(MESSAGE)).isInstanceOf(Outcome.Delivered.class);
    }

    @Test
    void aRefusedSenderHoldsTheQueue() {
        plain(List.of("ok@example.com"));
        smtp.answerSender(550);
        assertThat(channel.deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.scope()).isEqualTo(Outcome.Scope.CHANNEL);
            assertThat(retry.code()).isEqualTo("550");
        });
    }

    @Test
    void aLostAnswerIsFollowedByTheVerySameMail() {
        plain(List.of("ok@example.com"));
        smtp.delayData(2500);
        Outcome.Retry retry = (Outcome.Retry) channel.deliver(MESSAGE);
        assertThat(retry.code()).isEqualTo("timeout");
        assertThat(retry.unsure()).isTrue();
        assertThat(retry.progress()).isEqualTo("ok@example.com");
        smtp.delayData(0);
        assertThat(channel.deliver(Samples.after(MESSAGE, "ok@example.com"))).isInstanceOf(Outcome.Delivered.class);
        assertThat(smtp.mails()).hasSize(2);
        assertThat(smtp.mails().get(1).text()).isEqualTo(smtp.mails().get(0).text());
    }

    @Test
    void nobodyThereIsToldFromNobodyAnswering() {
        smtp = SmtpPeer.start();
        int port = smtp.port();
        smtp.close();
        channel = channel(config(port, EmailConfig.Tls.NONE, null, null, List.of("ok@example.com")));
        assertThat(channel.deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.code()).isEqualTo("connect");
            assertThat(retry.unsure()).isFalse();
            assertThat(retry.scope()).isEqualTo(Outcome.Scope.CHANNEL);
        });
    }

    @Test
    void aServerWithoutStarttlsGetsNothing() {
        smtp = SmtpPeer.start();
        channel = channel(config(smtp.port(), EmailConfig.Tls.STARTTLS, null, null, List.of("ok@example.com")));
        assertThat(channel.deliver(MESSAGE)).isInstanceOf(Outcome.Retry.class);
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void starttlsAndPasswordsWorkWithTheRightCertificateOnly(@TempDir Path folder) throws Exception {
        Path pem = folder.resolve("ca.pem");
        SSLContext context = selfSigned(folder, pem);
        smtp = SmtpPeer.start(builder -> builder.enableTLS()
                .requireTLS()
                .startTlsSocketFactory(context)
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, session) -> {
                    if (!user.equals("bridge") || !password.equals("pass word")) {
                        throw new LoginFailedException();
                    }
                })));
        channel = channel(config(smtp.port(), EmailConfig.Tls.STARTTLS, pem, "bridge", List.of("ok@example.com")));
        assertThat(channel.deliver(MESSAGE)).isInstanceOf(Outcome.Delivered.class);
        try (EmailChannel wrong =
                channel(config(smtp.port(), EmailConfig.Tls.STARTTLS, pem, "other", List.of("ok@example.com")))) {
            assertThat(wrong.deliver(MESSAGE)).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
                assertThat(retry.code()).isEqualTo("535");
                assertThat(retry.scope()).isEqualTo(Outcome.Scope.CHANNEL);
                assertThat(retry.reason()).doesNotContain("pass word");
            });
        }
        try (EmailChannel untrusting =
                channel(config(smtp.port(), EmailConfig.Tls.STARTTLS, null, "bridge", List.of("ok@example.com")))) {
            assertThat(untrusting.deliver(MESSAGE)).isInstanceOf(Outcome.Retry.class);
        }
        assertThat(smtp.mails()).hasSize(1);
    }

    private static SSLContext selfSigned(Path folder, Path pem) throws Exception {
        Path store = folder.resolve("key.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "k",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-file",
                pem.toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Test
    void addressesAreCheckedWhenTheConfigurationIsRead() {
        for (String address : List.of("", "nobody", "a@b, c@d", "a@b\r\nBcc: x@y", "a b@c")) {
            assertThatThrownBy(() -> config(25, EmailConfig.Tls.NONE, null, null, List.of(address)))
                    .as(address)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("to: ");
        }
    }
}
