/** The mapping files of statsd_exporter and graphite_exporter: dotted names to metrics with labels. */
@NullMarked
package io.emberwatch.exporter.mapping;

import org.jspecify.annotations.NullMarked;
