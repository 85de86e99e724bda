/** A client of the Prometheus HTTP API, which Thanos, Mimir and VictoriaMetrics serve too. */
@NullMarked
package io.emberwatch.service.promapi;

import org.jspecify.annotations.NullMarked;
