/** Black-box probes of servers over HTTP, TCP and TLS, by blackbox_exporter's modules and names. */
@NullMarked
package io.emberwatch.exporter.probe;

import org.jspecify.annotations.NullMarked;
