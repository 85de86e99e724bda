package io.emberwatch.exporter.uwsgi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Addresses.HostPort;
import io.emberwatch.exporter.status.StatusHttp;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.status.Wire;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One uWSGI server, read at its stats server over TCP, a unix socket or HTTP. */
public final class UwsgiTarget implements StatusTarget {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ANSWER = 16 << 20;

    private final UwsgiConfig config;
    private final StatusHttp http = new StatusHttp(LARGEST_ANSWER, null, null, null);

    public UwsgiTarget(UwsgiConfig config) {
        this.config = config;
    }

    @Override
    public String instance() {
        return config.instanceName();
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        return parse(answer(deadline), config.statsUri(), config.cores());
    }

    private byte[] answer(Deadline deadline) throws IOException, TargetFault {
        if (config.isTcp()) {
            HostPort address = Addresses.hostPort(config.withoutScheme(), 0);
            try (Wire wire = Wire.tcp(address.host(), address.port(), deadline, LARGEST_ANSWER)) {
                return wire.toEnd();
            }
        } else if (config.isUnix()) {
            try (Wire wire = Wire.unix(Path.of(config.withoutScheme()), deadline, LARGEST_ANSWER)) {
                return wire.toEnd();
            }
        }
        return http.get(Addresses.http(config.statsUri()), null, deadline).body();
    }

    static List<MetricFamily> parse(byte[] answer, String statsUri, boolean cores) throws TargetFault {
        JsonNode stats;
        try {
            stats = JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw TargetFault.garbage("the stats are not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw TargetFault.of(e);
        }
        if (!stats.isObject() || !stats.path("workers").isArray()) {
            throw TargetFault.garbage("the stats tell of no workers");
        }
        return new UwsgiStats(statsUri, cores).families(stats);
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge("uwsgi_up", "Whether the uWSGI server is up.", read ? 1 : 0);
    }
}
