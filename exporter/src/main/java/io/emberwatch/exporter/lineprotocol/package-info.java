/** InfluxDB line protocol from sockets and over HTTP, shown as Prometheus series as influxdb_exporter does. */
@NullMarked
package io.emberwatch.exporter.lineprotocol;

import org.jspecify.annotations.NullMarked;
