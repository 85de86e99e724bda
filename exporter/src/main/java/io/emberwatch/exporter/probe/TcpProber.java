package io.emberwatch.exporter.probe;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.emberwatch.exporter.probe.ModuleConfig.Exchange;
import io.emberwatch.exporter.probe.ModuleConfig.ExpectLabel;
import io.emberwatch.exporter.probe.ModuleConfig.Tcp;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Addresses.HostPort;
import io.emberwatch.exporter.status.TlsMaterial;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Probes over TCP: connects, speaks TLS if asked to, and holds the conversation that the module describes. */
final class TcpProber implements Prober {
    private static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_READ = 1 << 20;

    private final Tcp config;
    private final TlsMaterial tls;

    TcpProber(Tcp config) {
        this.config = config;
        tls = new TlsMaterial(config.tlsConfig() == null ? TlsSettings.DEFAULT : config.tlsConfig());
    }

    @Override
    public boolean probe(String target, Deadline deadline, ProbeResult result) throws IOException {
        HostPort address;
        try {
            address = Addresses.hostPort(target, 0);
        } catch (IllegalArgumentException e) {
            return result.failed(String.valueOf(e.getMessage()));
        }
        InetAddress host =
                Resolver.resolve(address.host(), config.preferredIpProtocol(), config.ipProtocolFallback(), result);
        try (Socket socket = new Socket()) {
            result.opened(socket);
            if (config.sourceIpAddress() != null) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(config.sourceIpAddress()), 0));
            }
            socket.connect(new InetSocketAddress(host, address.port()), millis(deadline));
            Conversation conversation = new Conversation(socket, address, deadline, result);
            if (config.tls()) {
                conversation.beginTls();
            }
            boolean good = true;
            for (Exchange exchange : config.queryResponse()) {
                good = good && conversation.hold(exchange);
            }
            result.failedByRegex(conversation.mismatch);
            return good;
        }
    }

    @Override
    public List<MetricFamily> initial() {
        ProbeResult nothing = new ProbeResult(address -> true);
        nothing.failedByRegex(false);
        return nothing.families().list();
    }

    private static int millis(Deadline deadline) throws SocketTimeoutException {
        long millis = deadline.remaining().toMillis();
        if (millis < 1) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    /** A conversation under way. */
    private final class Conversation {
        private final HostPort address;
        private final Deadline deadline;
        private final ProbeResult result;
        private Socket socket;
        private int read;
        private boolean mismatch;

        Conversation(Socket socket, HostPort address, Deadline deadline, ProbeResult result) {
            this.socket = socket;
            this.address = address;
            this.deadline = deadline;
            this.result = result;
        }

        void beginTls() throws IOException {
            String name = tls.settings().serverName() == null
                    ? address.host()
                    : tls.settings().serverName();
            SSLSocket secure = (SSLSocket)
                    tls.current().context().getSocketFactory().createSocket(socket, name, address.port(), true);
            if (!tls.settings().insecureSkipVerify()) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
            }
            secure.setSoTimeout(millis(deadline));
            secure.startHandshake();
            SSLSession session = secure.getSession();
            List<Certificate> chain = Arrays.asList(session.getPeerCertificates());
            if (!tls.settings().insecureSkipVerify() && !CertificateDates.areCurrent(chain)) {
                throw new SSLException("a certificate has expired or is not valid yet");
            }
            result.tls(session.getProtocol(), session.getCipherSuite(), chain);
            socket = secure;
        }

        boolean hold(Exchange exchange) throws IOException {
            String send = exchange.send();
            if (!exchange.expect().isEmpty()) {
                Pattern pattern = Pattern.compile(exchange.expect());
                Matcher found = awaitLine(pattern);
                if (found == null) {
                    mismatch = true;
                    return result.failed("no line matches " + exchange.expect());
                }
                send = expand(send, found);
                show(exchange.labels(), found);
            }
            if (!exchange.expectBytes().isEmpty()
                    && !awaitBytes(exchange.expectBytes().getBytes(StandardCharsets.UTF_8))) {
                mismatch = true;
                return result.failed("the expected bytes did not come");
            }
            if (!send.isEmpty()) {
                socket.setSoTimeout(millis(deadline));
                socket.getOutputStream().write((send + "\n").getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
            if (exchange.starttls()) {
                beginTls();
            }
            return true;
        }

        private void show(List<ExpectLabel> labels, Matcher found) {
            if (labels.isEmpty()) {
                return;
            }
            Labels.Builder shown = Labels.builder();
            for (ExpectLabel label : labels) {
                shown.set(MetricNames.sanitize(label.name()), expand(label.value(), found));
            }
            result.families().add(MetricType.GAUGE, "probe_expect_info", "Explicit content matched", 1, shown.build());
        }

        private @Nullable Matcher awaitLine(Pattern pattern) throws IOException {
            while (true) {
                String line = line();
                if (line == null) {
                    return null;
                }
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            }
        }

        // Byte by byte: what comes after may be TLS already.
        private @Nullable String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (line.size() < LONGEST_LINE) {
                int next = next();
                if (next < 0) {
                    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
                } else if (next == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(next);
            }
            throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
        }

        private boolean awaitBytes(byte[] expected) throws IOException {
            byte[] last = new byte[expected.length];
            for (int seen = 1; ; seen++) {
                int next = next();
                if (next < 0) {
                    return false;
                }
                System.arraycopy(last, 1, last, 0, last.length - 1);
                last[last.length - 1] = (byte) next;
                if (seen >= expected.length && Arrays.equals(last, expected)) {
                    return true;
                }
            }
        }

        private int next() throws IOException {
            if (read++ >= MOST_READ) {
                throw new IOException("more than " + MOST_READ + " bytes came");
            }
            socket.setSoTimeout(millis(deadline));
            InputStream in = socket.getInputStream();
            return in.read();
        }
    }

    /** The text with {@code ${1}} replaced by what a group found. */
    static String expand(String text, Matcher found) {
        String expanded = text;
        for (int group = found.groupCount(); group >= 0; group--) {
            String value = found.group(group) == null ? "" : found.group(group);
            expanded = expanded.replace("${" + group + "}", value).replace("$" + group, value);
        }
        return expanded;
    }
}
