/** Shows the metrics that other programs leave in {@code *.prom} files. */
@NullMarked
package io.emberwatch.exporter.textfile;

import org.jspecify.annotations.NullMarked;
