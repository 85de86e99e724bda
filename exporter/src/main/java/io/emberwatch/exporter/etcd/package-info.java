/** Reads the metrics and the health of the members of etcd clusters. */
@NullMarked
package io.emberwatch.exporter.etcd;

import org.jspecify.annotations.NullMarked;
