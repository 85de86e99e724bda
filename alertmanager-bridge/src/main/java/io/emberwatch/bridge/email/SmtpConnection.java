package io.emberwatch.bridge.email;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the SMTP server, kept for the next mail. For one thread at a time. */
final class SmtpConnection implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("bridge.email");

    private final EmailConfig config;
    private @Nullable Session session;
    private @Nullable Transport transport;

    SmtpConnection(EmailConfig config) {
        this.config = config;
    }

    /** @throws MessagingException when the certificates of {@code ca_file} cannot be read */
    Session session() throws MessagingException {
        Session known = session;
        if (known == null) {
            known = Session.getInstance(properties());
            session = known;
        }
        return known;
    }

    private Properties properties() throws MessagingException {
        Properties properties = new Properties();
        String timeout = Long.toString(config.timeout().toMillis());
        set(properties, "host", config.host());
        set(properties, "port", Integer.toString(config.port()));
        set(properties, "localhost", domain());
        set(properties, "connectiontimeout", timeout);
        set(properties, "timeout", timeout);
        set(properties, "writetimeout", timeout);
        set(properties, "sendpartial", "true");
        set(properties, "auth", Boolean.toString(config.username() != null));
        set(properties, "ssl.checkserveridentity", "true");
        String tls = config.tls().name().toLowerCase(Locale.ROOT);
        set(properties, "starttls.enable", Boolean.toString(tls.equals("starttls")));
        set(properties, "starttls.required", Boolean.toString(tls.equals("starttls")));
        set(properties, "ssl.enable", Boolean.toString(tls.equals("tls")));
        if (config.caFile() != null) {
            properties.put("mail.smtp.ssl.socketFactory", trusting().getSocketFactory());
        }
        return properties;
    }

    private static void set(Properties properties, String name, String value) {
        properties.put("mail.smtp." + name, value);
    }

    private String domain() {
        String from = EmailConfig.address(config.from()).getAddress();
        return from.substring(from.lastIndexOf('@') + 1);
    }

    private SSLContext trusting() throws MessagingException {
        java.nio.file.Path file = config.caFile();
        if (file == null) {
            throw new IllegalStateException("there is no ca_file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new MessagingException("ca_file " + file + ": " + e.getMessage(), e);
        }
    }

    /** Makes sure that there is a connection that still answers. */
    void connect() throws MessagingException {
        Transport known = transport;
        if (known != null && known.isConnected()) {
            return;
        }
        close();
        Transport fresh = session().getTransport("smtp");
        transport = fresh;
        fresh.connect(
                config.host(),
                config.port(),
                config.username(),
                config.password() == null ? null : config.password().reveal());
    }

    void send(MimeMessage mail, Address[] recipients) throws MessagingException {
        Transport known = transport;
        if (known == null) {
            throw new IllegalStateException("not connected");
        }
        known.sendMessage(mail, recipients);
    }

    @Override
    public void close() {
        Transport known = transport;
        transport = null;
        if (known != null) {
            try {
                known.close();
            } catch (MessagingException e) {
                logger.debug("connection did not close: {}", e.getMessage());
            }
        }
    }
}
