/** Carbon's plaintext and pickle protocols from sockets, shown as graphite_exporter does. */
@NullMarked
package io.emberwatch.exporter.graphite;

import org.jspecify.annotations.NullMarked;
