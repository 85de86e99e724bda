/** Metrics that other programs leave in files. */
@NullMarked
package io.emberwatch.exporter.textfile;

import org.jspecify.annotations.NullMarked;
