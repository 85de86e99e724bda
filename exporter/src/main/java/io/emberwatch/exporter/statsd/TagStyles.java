package io.emberwatch.exporter.statsd;

import io.emberwatch.service.config.Default;

/**
 * Which ways of writing tags are read.
 *
 * @param dogstatsd {@code name:1|c|#key:value,…}
 * @param influxdb {@code name,key=value:1|c}
 * @param librato {@code name#key=value:1|c}
 * @param signalfx {@code name[key=value]:1|c}
 */
public record TagStyles(
        @Default("true") boolean dogstatsd,
        @Default("true") boolean influxdb,
        @Default("true") boolean librato,
        @Default("true") boolean signalfx) {}
