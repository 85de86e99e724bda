/** The text formats: Prometheus exposition 0.0.4, OpenMetrics 1.0, Prometheus durations and Go number text. */
@NullMarked
package io.emberwatch.model.text;

import org.jspecify.annotations.NullMarked;
