/** The services' own metrics: simpleclient counters, shown as metric families. */
@NullMarked
package io.emberwatch.service.metrics;

import org.jspecify.annotations.NullMarked;
