package io.emberwatch.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real dovecot with a configuration of its own that shows one maildir over IMAP. */
final class DovecotServer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final ServerProcess process;
    private final int port;

    private DovecotServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param owner whom the maildir belongs to */
    static DovecotServer start(Path folder, Path maildir, String owner) throws Exception {
        String program = Peers.program("/usr/sbin/dovecot", "dovecot-imapd");
        int port = Peers.freePort();
        Files.createDirectories(folder.resolve("dovecot"));
        Path config = Files.writeString(folder.resolve("dovecot.conf"), """
                protocols = imap
                listen = 127.0.0.1
                base_dir = %1$s/dovecot
                state_dir = %1$s/dovecot
                log_path = %1$s/dovecot.log
                ssl = no
                disable_plaintext_auth = no
                first_valid_uid = 1
                mail_location = maildir:%2$s
                passdb {
                  driver = static
                  args = nopassword=y
                }
                userdb {
                  driver = static
                  args = uid=%3$s gid=%3$s home=%2$s
                }
                service imap-login {
                  inet_listener imap {
                    port = %4$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                """.formatted(folder, maildir, owner, port));
        ServerProcess process = ServerProcess.start("dovecot", folder, List.of(program, "-F", "-c", config.toString()));
        DovecotServer server = new DovecotServer(process, port);
        Peers.await("dovecot answers", Duration.ofSeconds(20), () -> {
            try {
                server.ask("NOOP");
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return server;
    }

    /** Opens the inbox and gives what is answered to one command, a line each, its literals among them. */
    List<String> ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            in.readLine();
            List<String> answer = List.of();
            for (String line : List.of("LOGIN ops secret", "SELECT INBOX", command, "LOGOUT")) {
                out.write(("a " + line + "\r\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                List<String> lines = new ArrayList<>();
                String read = in.readLine();
                while (read != null && !read.startsWith("a ")) {
                    lines.add(read);
                    read = in.readLine();
                }
                if (read == null || !read.startsWith("a OK")) {
                    throw new IOException(line + ": " + read);
                }
                answer = line.equals(command) ? lines : answer;
            }
            return answer;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
