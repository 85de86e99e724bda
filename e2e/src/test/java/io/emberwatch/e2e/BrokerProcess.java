package io.emberwatch.e2e;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A Kafka broker in a process of its own, which can be killed and comes back with its log at the same port. */
final class BrokerProcess implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private ServerProcess process;

    private BrokerProcess(Path folder, int port, List<String> settings, ServerProcess process) {
        this.folder = folder;
        this.port = port;
        this.settings = settings;
        this.process = process;
    }

    /** The broker itself: folder, port, settings as {@code name=value}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logging.configure("warn");
        Map<String, String> settings = new HashMap<>();
        for (String setting : List.of(arguments).subList(2, arguments.length)) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        new CountDownLatch(1).await();
    }

    /** @param settings the broker's, {@code name=value}, and the JVM's, such as {@code -Dname=value} */
    static BrokerProcess start(Path folder, String... settings) throws Exception {
        int port = Peers.freePort();
        List<String> given = List.of(settings);
        BrokerProcess broker = new BrokerProcess(folder, port, given, launch(folder, port, given));
        broker.awaitUp();
        return broker;
    }

    /** One that is not running yet. */
    static BrokerProcess stopped(Path folder, String... settings) throws Exception {
        BrokerProcess broker = start(folder, settings);
        broker.process.close();
        return broker;
    }

    /** One that begins to run; it may need others before it answers. */
    static BrokerProcess begin(Path folder, int port, String... settings) throws IOException {
        List<String> given = List.of(settings);
        return new BrokerProcess(folder, port, given, launch(folder, port, given));
    }

    private static ServerProcess launch(Path folder, int port, List<String> settings) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath));
        settings.stream().filter(setting -> setting.startsWith("-")).forEach(command::add);
        command.addAll(
                List.of(BrokerProcess.class.getName(), folder.resolve("kafka").toString(), Integer.toString(port)));
        settings.stream().filter(setting -> !setting.startsWith("-")).forEach(command::add);
        return ServerProcess.start("broker", folder, command);
    }

    void awaitUp() throws Exception {
        Peers.await("the broker answers", Duration.ofSeconds(60), () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(process.tail());
            }
            return Topic.answers(bootstrapServers());
        });
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Starts it again and returns once it answers. */
    void restart() throws Exception {
        process.close();
        process = launch(folder, port, settings);
        awaitUp();
    }

    String tail() {
        return process.tail();
    }

    @Override
    public void close() {
        process.close();
    }
}
