/** Lines into InfluxDB: over HTTP without loss, or over UDP at a pace. */
@NullMarked
package io.emberwatch.push.influx;

import org.jspecify.annotations.NullMarked;
