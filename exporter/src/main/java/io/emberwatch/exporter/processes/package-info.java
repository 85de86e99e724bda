/** Groups of processes, by process-exporter's names. */
@NullMarked
package io.emberwatch.exporter.processes;

import org.jspecify.annotations.NullMarked;
