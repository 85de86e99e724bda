/** Sensors, hosts, etcd members and textfiles on one metrics page, which no source and no input can break. */
@NullMarked
package io.emberwatch.exporter;

import org.jspecify.annotations.NullMarked;
