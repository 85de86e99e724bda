package io.emberwatch.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real postfix with a configuration of its own that delivers everything for example.test into one maildir. */
final class PostfixServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final String program = Peers.program("/usr/sbin/postfix", "postfix");

    private PostfixServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static PostfixServer start(Path folder) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "postfix starts as root only: skipped");
        PostfixServer server = new PostfixServer(folder, Peers.freePort());
        server.configure();
        server.control("start");
        Peers.await("postfix listens", Duration.ofSeconds(15), () -> {
            try (java.net.Socket ignored =
                    new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), server.port)) {
                return true;
            }
        });
        return server;
    }

    private void configure() throws IOException, InterruptedException {
        for (String name : List.of("etc", "queue", "data", "mail")) {
            Files.createDirectories(folder.resolve(name));
        }
        // The postfix user reaches its folders below ones that belong to root.
        for (Path up = folder;
                up != null && !up.equals(Path.of("/tmp")) && up.getParent() != null;
                up = up.getParent()) {
            var permissions = Files.getPosixFilePermissions(up);
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
            Files.setPosixFilePermissions(up, permissions);
        }
        String user = run("id", "-u", "postfix");
        String group = run("id", "-g", "postfix");
        Files.writeString(folder.resolve("etc/main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                mail_owner = postfix
                setgid_group = postdrop
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mail.example.test
                mydestination =
                mynetworks = 127.0.0.0/8
                virtual_mailbox_domains = example.test
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = static:inbox/
                virtual_minimum_uid = 1
                virtual_uid_maps = static:%2$s
                virtual_gid_maps = static:%3$s
                default_transport = error:no mail leaves this host
                maillog_file = %1$s/maillog
                maillog_file_prefixes = %1$s
                smtpd_relay_restrictions = permit_mynetworks, reject
                """.formatted(folder, user, group));
        List<String> services = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/usr/share/postfix/master.cf.dist"))) {
            if (line.matches("smtp\\s+inet\\s.*")) {
                services.add("127.0.0.1:" + port + " inet n - n - - smtpd");
            } else {
                services.add(line.replaceFirst("^([a-z]+\\s+unix\\s+[-ny]\\s+[-ny]\\s+)y", "$1n"));
            }
        }
        services.add("postlog unix-dgram n - n - 1 postlogd");
        Files.write(folder.resolve("etc/master.cf"), services);
        run(
                "chown",
                "postfix",
                folder.resolve("data").toString(),
                folder.resolve("mail").toString());
    }

    int port() {
        return port;
    }

    /** The mails that were delivered, oldest first, as they lie in the maildir. */
    List<String> mails() throws IOException {
        Path inbox = folder.resolve("mail/inbox/new");
        if (!Files.isDirectory(inbox)) {
            return List.of();
        }
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(inbox)) {
            for (Path file : files.sorted().toList()) {
                mails.add(Files.readString(file));
            }
        }
        return mails;
    }

    private void control(String verb) throws IOException, InterruptedException {
        run(program, "-c", folder.resolve("etc").toString(), verb);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        // The daemons inherit the output; only what comes before the command ends is read.
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
        byte[] output = new byte[process.getInputStream().available()];
        int length = process.getInputStream().read(output);
        return new String(output, 0, Math.max(0, length), java.nio.charset.StandardCharsets.UTF_8).trim();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        control("stop");
    }
}
