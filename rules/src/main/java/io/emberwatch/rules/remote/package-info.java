/** Remote write, in and out: Prometheus' protocol of samples over HTTP, versions 1.0 and (in only) 2.0. */
@NullMarked
package io.emberwatch.rules.remote;

import org.jspecify.annotations.NullMarked;
