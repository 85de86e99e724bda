package io.emberwatch.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as it is delivered: the archive's {@code bin/emberwatch}. */
final class Program {
    private static final Path BIN = Path.of(System.getProperty("emberwatch.program"));

    private Program() {}

    static Path home() {
        return BIN.toAbsolutePath().getParent().getParent();
    }

    static ServerProcess start(String name, Path folder, String... arguments) throws IOException {
        return ServerProcess.start(name, folder, command(arguments));
    }

    /** As {@link #start}, and it hears SIGHUP even where the tests themselves run under {@code nohup}. */
    static ServerProcess startHearingHangUp(String name, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.addAll(command(arguments));
        return ServerProcess.start(name, folder, command);
    }

    /** The rule engine with the folder's {@code emberwatch.yml}. */
    static ServerProcess startRules(Path folder, int port) throws IOException {
        return start(
                "rules",
                folder,
                "rules",
                "run",
                "--config=" + folder.resolve("emberwatch.yml"),
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data"));
    }

    /** Runs a command to its end and gives what it printed, both outputs together. */
    static Finished run(Path folder, String... arguments) throws Exception {
        ServerProcess process = ServerProcess.start("run-" + System.nanoTime(), folder, command(arguments));
        int code = process.waitFor(60);
        return new Finished(code, process.output());
    }

    record Finished(int exitCode, String output) {}

    private static List<String> command(String... arguments) {
        if (!Files.isExecutable(BIN)) {
            throw new IllegalStateException(BIN + " is not built");
        }
        List<String> command = new ArrayList<>(List.of(BIN.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
