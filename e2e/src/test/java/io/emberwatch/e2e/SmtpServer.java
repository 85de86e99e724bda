package io.emberwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server on loopback that does not know some of its users, and takes every password but the wrong one. */
final class SmtpServer implements AutoCloseable {
    private static final int NO_SUCH_USER = 550;

    private final Set<String> unknown;
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final SMTPServer server;

    /** A mail that was taken, with the receivers of its envelope. */
    record Mail(List<String> to, String text) {}

    private SmtpServer(Set<String> unknown) {
        this.unknown = unknown;
        server = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .messageHandlerFactory(context -> new Handler())
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (password.equals("wrong")) {
                        throw new LoginFailedException();
                    }
                }))
                .build();
    }

    static SmtpServer start(String... unknown) {
        SmtpServer server = new SmtpServer(Set.of(unknown));
        server.server.start();
        return server;
    }

    int port() {
        return server.getPortAllocated();
    }

    List<Mail> mails() {
        return List.copyOf(mails);
    }

    @Override
    public void close() {
        server.stop();
    }

    private final class Handler implements MessageHandler {
        private final List<String> to = new ArrayList<>();

        @Override
        public void from(String address) {
            to.clear();
        }

        @Override
        public void recipient(String address) throws RejectException {
            if (unknown.contains(address)) {
                throw new RejectException(NO_SUCH_USER, "no such user here");
            }
            to.add(address);
        }

        @Override
        public String data(InputStream data) throws IOException {
            mails.add(new Mail(List.copyOf(to), new String(data.readAllBytes(), StandardCharsets.UTF_8)));
            return "taken";
        }

        @Override
        public void done() {
            to.clear();
        }
    }
}
