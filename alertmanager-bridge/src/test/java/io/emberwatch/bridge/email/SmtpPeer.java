package io.emberwatch.bridge.email;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** A SubEthaSMTP server on a free loopback port that refuses what it is told to refuse. */
public final class SmtpPeer implements AutoCloseable {
    private final SMTPServer server;
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> refused = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Integer> dataAnswers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int senderAnswer = 250;
    private volatile long delayMillis;

    /** A mail that was taken, with the receivers of its envelope. */
    public record Mail(String from, List<String> to, String text) {}

    private SmtpPeer(UnaryOperator<SMTPServer.Builder> settings) {
        server = settings.apply(new SMTPServer.Builder())
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new Handler())
                .sessionHandler(new org.subethamail.smtp.server.SessionHandler() {
                    @Override
                    public SessionAcceptance accept(org.subethamail.smtp.server.Session session) {
                        connections.incrementAndGet();
                        return SessionAcceptance.success();
                    }

                    @Override
                    public void onSessionEnd(org.subethamail.smtp.server.Session session) {}
                })
                .build();
    }

    public static SmtpPeer start() {
        return start(UnaryOperator.identity());
    }

    static SmtpPeer start(UnaryOperator<SMTPServer.Builder> settings) {
        SmtpPeer peer = new SmtpPeer(settings);
        peer.server.start();
        return peer;
    }

    public int port() {
        return server.getPortAllocated();
    }

    /** Answers RCPT for an address with this code; 250 takes it again. */
    public void answerReceiver(String address, int code) {
        refused.put(address, code);
    }

    void answerSender(int code) {
        senderAnswer = code;
    }

    /** Answers the next DATA with this code. */
    void answerData(int code) {
        dataAnswers.add(code);
    }

    /** Waits so long before it answers DATA. */
    void delayData(long millis) {
        delayMillis = millis;
    }

    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        server.stop();
    }

    private final class Handler implements MessageHandler {
        private final List<String> to = new ArrayList<>();
        private String from = "";

        @Override
        public void from(String address) throws RejectException {
            if (senderAnswer >= 400) {
                throw new RejectException(senderAnswer, "sender refused");
            }
            from = address;
        }

        @Override
        public void recipient(String address) throws RejectException {
            int code = refused.getOrDefault(address, 250);
            if (code >= 400) {
                throw new RejectException(code, "receiver refused");
            }
            to.add(address);
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            String text = new String(data.readAllBytes(), StandardCharsets.UTF_8);
            Integer code = dataAnswers.poll();
            if (code != null && code >= 400) {
                throw new RejectException(code, "message refused");
            }
            mails.add(new Mail(from, List.copyOf(to), text));
            if (delayMillis > 0) {
                try {
                    TimeUnit.MILLISECONDS.sleep(delayMillis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return "taken";
        }

        @Override
        public void done() {
            to.clear();
        }
    }
}
