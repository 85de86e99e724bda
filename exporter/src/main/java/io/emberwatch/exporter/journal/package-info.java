/** A file that remembers what was written to it, whole record by whole record. */
@NullMarked
package io.emberwatch.exporter.journal;

import org.jspecify.annotations.NullMarked;
