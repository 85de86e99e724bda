package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Headline;
import io.emberwatch.bridge.template.Templates;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message as a mail. The same message gives the same bytes, its Message-ID included, so that a mail that went
 * out twice can be told for one. The first mail of an incident is the root of its thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5322">RFC 5322</a>, RFC 2919 (List-Id), RFC 3834 (Auto-Submitted)
 */
final class MailWriter {
    private static final int MAX_SUBJECT = 200;

    private final EmailConfig config;
    private final Templates templates;
    private final MailText texts;
    private final StripSource strips;
    private final InternetAddress from;
    private final InternetAddress[] to;
    private final String domain;

    MailWriter(EmailConfig config, EmailChannel.Surroundings around) {
        this.config = config;
        // A line feed in a subject would be gone anyway; what HTML would read as markup is escaped where it is HTML.
        this.templates = new Templates(config.template(), Clip::paragraphs, around.style(), around.templateFault());
        this.texts = new MailText(config, around, templates);
        this.strips = around.strips();
        this.from = EmailConfig.address(config.from());
        this.to = config.to().stream().map(EmailConfig::address).toArray(InternetAddress[]::new);
        this.domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
    }

    /**
     * What the mails of an incident share.
     *
     * @param root the Message-ID of the first
     * @param subject what stands behind the status in every subject, so that programs that go by subjects see one thread
     */
    record MailThread(String root, String subject) {
        static @Nullable MailThread parse(@Nullable String reference) {
            int space = reference == null ? -1 : reference.indexOf(' ');
            return reference == null || space < 0
                    ? null
                    : new MailThread(reference.substring(0, space), reference.substring(space + 1));
        }

        @Override
        public String toString() {
            return root + " " + subject;
        }
    }

    /** The thread that a message belongs to; a new one for the first of its incident. */
    MailThread thread(Message message) {
        MailThread known = MailThread.parse(message.attempt().reference());
        if (known != null) {
            return known;
        }
        String subject = subject(message);
        return new MailThread(messageId(message), Clip.to(subject, MAX_SUBJECT));
    }

    private String subject(Message message) {
        String written = templates.title(message, new AtomicBoolean());
        if (written != null && !Clip.oneLine(written).isEmpty()) {
            return Clip.oneLine(written);
        }
        if (message.content() instanceof Message.Alerts alerts) {
            return Headline.subject(message.incident().groupLabels(), alerts.alerts());
        } else if (message.content() instanceof Message.Digest digest) {
            return "[STORM] " + digest.incidents().size() + " incidents";
        } else if (message.content() instanceof Message.Letter letter) {
            return Clip.oneLine(letter.subject());
        }
        return Clip.oneLine(((Message.Notice) message.content()).title());
    }

    private InternetAddress[] receivers(Message message) {
        return message.content() instanceof Message.Letter letter
                        && !letter.to().isEmpty()
                ? letter.to().stream().map(EmailConfig::address).toArray(InternetAddress[]::new)
                : to;
    }

    private String messageId(Message message) {
        return "<em." + config.name() + "." + message.incident().id() + "."
                + message.incident().seq() + "@" + domain + ">";
    }

    MimeMessage write(Session session, Message message) throws MessagingException {
        MailThread thread = thread(message);
        String id = messageId(message);
        IdentifiedMail mail = new IdentifiedMail(session, id);
        mail.setFrom(from);
        mail.setRecipients(jakarta.mail.Message.RecipientType.TO, receivers(message));
        String subject = status(message) + thread.subject();
        mail.setSubject(subject, "UTF-8");
        mail.setSentDate(Date.from(message.content().at()));
        if (!thread.root().equals(id)) {
            mail.setHeader("In-Reply-To", thread.root());
            mail.setHeader("References", thread.root());
        }
        headers(mail, message);
        StripSource.Strip strip = strips.of(message);
        MailText.Bodies bodies = texts.write(subject, message, strip);
        String boundary =
                "em-" + message.incident().id() + "-" + message.incident().seq();
        MimeMultipart alternatives = new BoundedMultipart("alternative", boundary);
        alternatives.addBodyPart(part(bodies.text(), "plain"));
        alternatives.addBodyPart(part(bodies.html(), "html"));
        mail.setContent(strip == null ? alternatives : withPicture(alternatives, strip, boundary));
        mail.saveChanges();
        return mail;
    }

    // The HTML shows it by its Content-ID, and a program that shows text alone leaves it out.
    private static MimeMultipart withPicture(MimeMultipart alternatives, StripSource.Strip strip, String boundary)
            throws MessagingException {
        MimeMultipart related = new BoundedMultipart("related", boundary + "-r");
        MimeBodyPart texts = new MimeBodyPart();
        texts.setContent(alternatives);
        related.addBodyPart(texts);
        MimeBodyPart picture = new MimeBodyPart();
        picture.setDataHandler(
                new DataHandler(new ByteArrayDataSource(strip.png().bytes(), "image/png")));
        picture.setHeader("Content-ID", "<" + StripSource.CONTENT_ID + ">");
        picture.setHeader("Content-Disposition", "inline; filename=\"health.png\"");
        related.addBodyPart(picture);
        return related;
    }

    private static String status(Message message) {
        return message.content() instanceof Message.Alerts alerts ? Headline.status(alerts.alerts()) + " " : "";
    }

    private void headers(MimeMessage mail, Message message) throws MessagingException {
        mail.setHeader(
                "List-Id",
                "Emberwatch alerts <" + config.name().toLowerCase(Locale.ROOT) + ".alerts.emberwatch." + domain + ">");
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("X-Auto-Response-Suppress", "All");
        mail.setHeader("X-Emberwatch-Incident", message.incident().id());
        Severity severity = message.content().severity();
        mail.setHeader("X-Emberwatch-Severity", severity.word());
        if (message.content() instanceof Message.Alerts alerts) {
            mail.setHeader("X-Emberwatch-Status", alerts.isFiring() ? "firing" : "resolved");
            header(mail, "X-Emberwatch-Group", message.incident().groupLabels().toString());
            if (alerts.isFiring() && severity == Severity.CRITICAL) {
                mail.setHeader("Importance", "high");
            }
        }
    }

    private static void header(MimeMessage mail, String name, String value) throws MessagingException {
        try {
            String words = MimeUtility.encodeText(Clip.to(Clip.oneLine(value), MAX_SUBJECT), "UTF-8", null);
            mail.setHeader(name, MimeUtility.fold(name.length() + 2, words));
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("UTF-8 is always there", e);
        }
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text.replace("\n", "\r\n"), StandardCharsets.UTF_8.name(), subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    // Angus makes up a Message-ID and a boundary from the time and a counter.
    private static final class IdentifiedMail extends MimeMessage {
        private final String id;

        IdentifiedMail(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    private static final class BoundedMultipart extends MimeMultipart {
        BoundedMultipart(String kind, String boundary) {
            super(kind);
            contentType = "multipart/" + kind + "; boundary=\"=_" + boundary + "\"";
        }
    }
}
