package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.render.Style;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/**
 * Sends mails to a list of people, each of whom succeeds or fails alone. The connection is kept between mails; one
 * mail is sent at a time.
 */
public final class EmailChannel implements Channel {
    private final EmailConfig config;
    private final MailWriter mails;
    private final SmtpConnection connection;

    /**
     * What mails hold beside what they tell.
     *
     * @param templateFault is called whenever a template fails
     */
    public record Surroundings(Style style, MailActions actions, StripSource strips, Runnable templateFault) {
        /** Neither offers nor pictures. */
        public static Surroundings plain(Style style) {
            return new Surroundings(style, MailActions.NONE, StripSource.NONE, () -> {});
        }
    }

    public EmailChannel(EmailConfig config, Surroundings around) {
        this.config = config;
        this.mails = new MailWriter(config, around);
        this.connection = new SmtpConnection(config);
    }

    @Override
    public String name() {
        return config.name();
    }

    // Progress is the list of those who are still to get the mail.
    private List<String> remaining(Message message) {
        String progress = message.attempt().progress();
        List<String> all = message.content() instanceof Message.Letter letter
                        && !letter.to().isEmpty()
                ? letter.to()
                : config.to();
        return progress == null
                ? all.stream().map(to -> EmailConfig.address(to).getAddress()).toList()
                : progress.lines().toList();
    }

    @Override
    public synchronized Outcome deliver(Message message) {
        List<String> remaining = remaining(message);
        try {
            connection.connect();
        } catch (MessagingException e) {
            connection.close();
            return SmtpOutcome.beforeSending(e);
        }
        String reference = mails.thread(message).toString();
        try {
            MimeMessage mail = mails.write(connection.session(), message);
            connection.send(mail, remaining.stream().map(EmailConfig::address).toArray(Address[]::new));
            return Outcome.Delivered.of("250", reference);
        } catch (MessagingException e) {
            Outcome outcome = SmtpOutcome.whileSending(e, remaining, reference);
            if (!(outcome instanceof Outcome.Delivered)) {
                connection.close();
            }
            return outcome;
        }
    }

    @Override
    public String preview(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            mails.write(Session.getInstance(new Properties()), message).writeTo(bytes);
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a mail can always be written to memory", e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        connection.close();
    }
}
