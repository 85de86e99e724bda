/** Sensors, hosts, etcd clusters and text files as one page of metrics. */
@NullMarked
package io.emberwatch.exporter;

import org.jspecify.annotations.NullMarked;
