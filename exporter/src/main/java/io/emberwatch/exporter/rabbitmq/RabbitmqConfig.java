package io.emberwatch.exporter.rabbitmq;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One RabbitMQ server with its management plugin.
 *
 * @param url where the plugin answers, without {@code /api}
 * @param instance the value of the label {@code instance}; host and port of the address without one
 * @param modules what is asked for beside the overview: {@code exchange}, {@code node}, {@code queue},
 *     {@code connections}
 * @param includeVhost which virtual hosts are shown (RE2, anywhere in the name)
 * @param skipVhost which are left out all the same
 * @param maxQueues when there are more queues than this, none is shown; 0 for any number
 */
public record RabbitmqConfig(
        String url,
        @Nullable String instance,
        @Default("guest") String username,
        @Nullable Secret password,
        @Nullable TlsSettings tls,
        @Default("[exchange, node, queue]") List<String> modules,
        @Default(".*") String includeVhost,
        @Default("^$") String skipVhost,
        @Default(".*") String includeQueues,
        @Default("^$") String skipQueues,
        @Default(".*") String includeExchanges,
        @Default("^$") String skipExchanges,
        @Default("0") int maxQueues) {
    static final Set<String> MODULES = Set.of("exchange", "node", "queue", "connections");

    public RabbitmqConfig {
        modules = List.copyOf(modules);
        try {
            Addresses.http(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: " + e.getMessage(), e);
        }
        for (String module : modules) {
            if (!MODULES.contains(module)) {
                throw new IllegalArgumentException("modules: " + module + " is none of "
                        + String.join(", ", MODULES.stream().sorted().toList()));
            }
        }
        if (maxQueues < 0) {
            throw new IllegalArgumentException("max_queues: must not be negative");
        }
        compile("include_vhost", includeVhost);
        compile("skip_vhost", skipVhost);
        compile("include_queues", includeQueues);
        compile("skip_queues", skipQueues);
        compile("include_exchanges", includeExchanges);
        compile("skip_exchanges", skipExchanges);
    }

    private static void compile(String key, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
