package io.emberwatch.rules;

import io.emberwatch.rules.engine.AlertPolicy;
import io.emberwatch.rules.engine.GroupPolicy;
import io.emberwatch.rules.notify.AlertmanagerConfig;
import io.emberwatch.rules.remote.ReceiverConfig;
import io.emberwatch.rules.remote.RemoteWriteSettings;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule engine's configuration.
 *
 * @param prometheusConfig a prometheus.yml whose scrape_configs, rule_files, alerting and global sections hold; what is
 *     given here beside it is added to it, or overrides it
 * @param ruleFiles patterns; when neither these nor prometheus_config are given, the shipped rules are evaluated
 * @param evaluationInterval of groups that have none of their own; otherwise prometheus_config's, or 15 s
 * @param queryOffset how far in the past rules look unless their group says otherwise
 * @param alertmanagers where alerts go; when there are none, straight to the bridge
 * @param externalLabels added to alerts that lack them
 * @param externalUrl where this server is reached from outside
 * @param resendDelay how long until an alert that still fires is sent again
 * @param outageTolerance how long ago an alert may have been active last to be taken up after a restart
 * @param gracePeriod how long an alert that was taken up at least waits before it fires
 * @param alertPolicies what missing data means to which alerts, and what their resolution shows; the first that names an
 *     alert holds
 * @param groupPolicies what groups do when a rule fails; the first that names a group holds
 * @param concurrency how many rules may be evaluated at the same time besides one per group, where none of a group reads
 *     what another writes; 1 for one after the other
 * @param store what is kept
 * @param query the bounds of queries
 * @param remote a Prometheus-compatible API that answers in place of the embedded store
 * @param remoteWrite receivers of all samples, beside those of prometheus_config and in the same form
 * @param remoteWriteLog how much is kept of samples that a receiver has not taken yet
 * @param remoteWriteReceiver how samples are taken at {@code /api/v1/write}
 */
public record RulesConfig(
        @Nullable Path prometheusConfig,
        @Default("[]") List<String> ruleFiles,
        @Nullable Duration evaluationInterval,
        @Nullable Duration queryOffset,
        @Default("[]") List<AlertmanagerConfig> alertmanagers,
        @Default("{}") Map<String, String> externalLabels,
        @Default("\"\"") String externalUrl,
        @Default("1m") Duration resendDelay,
        @Default("1h") Duration outageTolerance,
        @Default("10m") Duration gracePeriod,
        @Default("[]") List<AlertPolicy> alertPolicies,
        @Default("[]") List<GroupPolicy> groupPolicies,
        @Default("1") int concurrency,
        @Default("{}") StoreConfig store,
        @Default("{}") QueryConfig query,
        @Nullable RemoteConfig remote,
        @Default("[]") List<YamlNode> remoteWrite,
        @Default("1GiB") ByteSize remoteWriteLog,
        @Default("{}") ReceiverConfig remoteWriteReceiver) {
    public RulesConfig {
        if (evaluationInterval != null && evaluationInterval.toMillis() <= 0) {
            throw new IllegalArgumentException("evaluation_interval must be positive");
        }
        if (resendDelay.isNegative() || outageTolerance.toMillis() <= 0 || gracePeriod.isNegative()) {
            throw new IllegalArgumentException(
                    "resend_delay and grace_period must not be negative, outage_tolerance must be positive");
        }
        if (remoteWriteLog.bytes() <= 0) {
            throw new IllegalArgumentException("remoteWriteLog: must be positive");
        }
        try {
            remoteWrites(remoteWrite);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("remoteWrite: " + e.getMessage(), e);
        }
        if (concurrency < 1 || concurrency > 64) {
            throw new IllegalArgumentException("concurrency: expected 1 to 64");
        }
        externalUrl = externalUrl.endsWith("/") ? externalUrl.substring(0, externalUrl.length() - 1) : externalUrl;
    }

    List<RemoteWriteSettings> remoteWrites() {
        try {
            return remoteWrites(remoteWrite);
        } catch (ConfigException e) {
            throw new IllegalStateException("was read before", e);
        }
    }

    private static List<RemoteWriteSettings> remoteWrites(List<YamlNode> entries) throws ConfigException {
        YamlNode list = new YamlNode.Sequence(entries, 0, 0);
        YamlNode.Mapping owner = new YamlNode.Mapping(Map.of("remote_write", new YamlNode.Entry(0, 0, list)), 0, 0);
        List<Problem> problems = new ArrayList<>();
        MappingReader reader = new MappingReader("", "", owner, problems);
        List<RemoteWriteSettings> all = RemoteWriteSettings.readAll(reader, "remote_write", Path.of(""));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return all;
    }
}
