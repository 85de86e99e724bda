/** StatsD events from sockets, shown as statsd_exporter does and, if wanted, flushed to Graphite as Etsy's statsd does. */
@NullMarked
package io.emberwatch.exporter.statsd;

import org.jspecify.annotations.NullMarked;
