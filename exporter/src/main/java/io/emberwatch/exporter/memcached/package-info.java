/** The statistics of memcached servers, by memcached_exporter's names. */
@NullMarked
package io.emberwatch.exporter.memcached;

import org.jspecify.annotations.NullMarked;
