/** Passes on what the sources say, as line protocol, and keeps on disk what cannot be sent. */
@NullMarked
package io.emberwatch.exporter.push;

import org.jspecify.annotations.NullMarked;
