package io.emberwatch.push;

import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.ConfigWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes one configuration of the files of the O2 monitoring system's Kafka components. */
public final class Migration {
    private record Source(Path file, PushConfig config) {}

    private final List<Source> sources = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Migration() {}

    /**
     * The text of a configuration that does what the files say.
     *
     * <p>It holds the passwords and addresses that the files hold.
     *
     * @param files at most one for each component, all for the same brokers
     * @throws ConfigException with everything that is wrong in the files, or does not go together
     */
    public static String of(List<Path> files) throws IOException, ConfigException {
        Migration migration = new Migration();
        for (Path file : files) {
            migration.read(file);
        }
        PushConfig merged = migration.merged();
        if (!migration.problems.isEmpty()) {
            throw new ConfigException(migration.problems);
        }
        StringBuilder text = new StringBuilder("# Made of:\n");
        files.forEach(file -> text.append("#   ").append(file.getFileName()).append('\n'));
        text.append("push:\n");
        ConfigWriter.write(merged)
                .lines()
                .forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }

    private void read(Path file) throws IOException {
        try {
            sources.add(new Source(file, UpstreamFile.read(file)));
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
    }

    private PushConfig merged() {
        List<KafkaConfig> brokers =
                sources.stream().map(source -> source.config.kafka()).distinct().toList();
        if (brokers.size() > 1) {
            sources.forEach(source -> problem(
                    source,
                    "kafka: its brokers are " + source.config.kafka().bootstrapServers()
                            + "; files for different brokers need a configuration each"));
        }
        KafkaConfig kafka = brokers.isEmpty() ? ConfigReader.defaults(KafkaConfig.class) : brokers.get(0);
        NotifyConfig.MattermostTopic mattermost = one(
                "mattermost_config",
                config -> config.notifications() == null
                        ? null
                        : config.notifications().mattermost());
        NotifyConfig.EmailTopic email = one(
                "email_config",
                config -> config.notifications() == null
                        ? null
                        : config.notifications().email());
        return new PushConfig(
                kafka,
                one("component_config", PushConfig::router),
                one("aggregation_config", PushConfig::aggregator),
                one("detector", PushConfig::onoff),
                one("sender_config", PushConfig::influx),
                mattermost == null && email == null ? null : new NotifyConfig(mattermost, email),
                null,
                null,
                null,
                null,
                statistics());
    }

    /** One process sends its figures to one place: the first that a file names. */
    private @Nullable StatisticsConfig statistics() {
        for (Source source : sources) {
            if (source.config.statistics() != null) {
                return source.config.statistics();
            }
        }
        return null;
    }

    private <T> @Nullable T one(String section, Function<PushConfig, @Nullable T> component) {
        T found = null;
        for (Source source : sources) {
            T here = component.apply(source.config);
            if (here != null && found != null) {
                problem(source, section + ": another file has this component already");
            }
            found = here == null ? found : here;
        }
        return found;
    }

    private void problem(Source source, String message) {
        problems.add(new Problem(source.file.toString(), 0, 0, "", message));
    }
}
