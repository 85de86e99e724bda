package io.emberwatch.exporter.jmx;

import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** One Java program, over JMX or Jolokia, by jmx_exporter's rules. */
public final class JmxTarget implements StatusTarget {
    private static final double NANOS = 1e9;

    private final JmxConfig config;
    private final JmxRules rules;
    private final Beans beans;

    /** @throws ConfigException when the rules cannot be used */
    public JmxTarget(JmxConfig config) throws IOException, ConfigException {
        this.config = config;
        rules = rules(config);
        beans = config.isJolokia() ? new JolokiaBeans(config, rules) : new RemoteBeans(config, rules);
    }

    private static JmxRules rules(JmxConfig config) throws IOException, ConfigException {
        if (config.rules() != null) {
            return JmxRulesReader.read("rules", config.rules());
        } else if (config.configFile() != null) {
            String file = config.configFile().toString();
            return JmxRulesReader.read(file, YamlNode.parse(file, Files.readString(config.configFile())));
        }
        return JmxRules.DEFAULT;
    }

    @Override
    public String instance() {
        return config.instanceName();
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        long started = System.nanoTime();
        Families families = new Families();
        beans.read(new JmxMetrics(rules, families), deadline);
        families.gauge(
                "jmx_scrape_duration_seconds",
                "Time this JMX scrape took, in seconds.",
                (System.nanoTime() - started) / NANOS);
        return families.list();
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge("jmx_scrape_error", "Non-zero if this scrape failed.", read ? 0 : 1);
    }

    @Override
    public void close() {
        beans.close();
    }
}
