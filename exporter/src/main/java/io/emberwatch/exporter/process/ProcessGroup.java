package io.emberwatch.exporter.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program and whatever it starts, ended together.
 *
 * <p>Where the system has {@code setsid} the program leads a process group of its own, and the group is ended; elsewhere
 * the children that can be seen are.
 */
public final class ProcessGroup {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(2);

    private final Process process;
    private final boolean leadsGroup;

    private ProcessGroup(Process process, boolean leadsGroup) {
        this.process = process;
        this.leadsGroup = leadsGroup;
    }

    /** @throws IOException when the program does not exist or cannot be run; the message names it */
    public static ProcessGroup start(List<String> command) throws IOException {
        return start(command, Map.of(), null);
    }

    /**
     * @param environment added to the environment of this process
     * @param folder where the program runs; null for where this process does
     * @throws IOException when the program does not exist or cannot be run; the message names it
     */
    public static ProcessGroup start(List<String> command, Map<String, String> environment, @Nullable Path folder)
            throws IOException {
        String program = locate(command.get(0));
        Path setsid = find("setsid");
        List<String> words = new ArrayList<>();
        if (setsid != null && Files.isExecutable(SHELL)) {
            words.add(setsid.toString());
        }
        boolean leadsGroup = !words.isEmpty();
        words.add(program);
        words.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(words).redirectInput(Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        if (folder != null) {
            builder.directory(folder.toFile());
        }
        return new ProcessGroup(builder.start(), leadsGroup);
    }

    private static String locate(String program) throws IOException {
        if (program.indexOf('/') < 0) {
            Path found = find(program);
            if (found == null) {
                throw new IOException(program + ": no such program on the path");
            }
            return found.toString();
        }
        Path path = Path.of(program);
        if (!Files.exists(path)) {
            throw new IOException(program + ": no such file");
        }
        if (Files.isDirectory(path) || !Files.isExecutable(path)) {
            throw new IOException(program + ": not an executable file; chmod +x makes a script one");
        }
        return program;
    }

    private static @Nullable Path find(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, program);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    public Process process() {
        return process;
    }

    /** Asks all of them to end and returns whether the program itself did so in time. */
    public boolean terminate(Duration patience) {
        signal("TERM", false);
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends all of them at once. */
    public void kill() {
        signal("KILL", true);
    }

    private void signal(String name, boolean forcibly) {
        List<ProcessHandle> known = process.descendants().toList();
        if (leadsGroup) {
            signalGroup(name);
        }
        known.forEach(child -> end(child, forcibly));
        end(process.toHandle(), forcibly);
    }

    private static void end(ProcessHandle handle, boolean forcibly) {
        if (forcibly) {
            handle.destroyForcibly();
        } else {
            handle.destroy();
        }
    }

    // The JDK signals single processes only.
    private void signalGroup(String name) {
        try {
            Process kill = new ProcessBuilder(
                            SHELL.toString(), "-c", "kill -s \"$0\" -- \"-$1\"", name, Long.toString(process.pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            end(process.toHandle(), name.equals("KILL"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
