/** Sockets that others push to: datagrams and streams over IP and in the file system, cut into whole frames. */
@NullMarked
package io.emberwatch.exporter.listen;

import org.jspecify.annotations.NullMarked;
