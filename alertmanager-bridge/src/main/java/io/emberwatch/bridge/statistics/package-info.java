/** The inner statistics that the notification components of a push path send to InfluxDB. */
@NullMarked
package io.emberwatch.bridge.statistics;

import org.jspecify.annotations.NullMarked;
