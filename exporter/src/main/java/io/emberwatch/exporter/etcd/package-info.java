/** The metrics of every member of etcd clusters, told apart by labels. */
@NullMarked
package io.emberwatch.exporter.etcd;

import org.jspecify.annotations.NullMarked;
