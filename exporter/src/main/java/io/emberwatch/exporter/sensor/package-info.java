/** Runs sensor executables and turns the lines they print into metrics. */
@NullMarked
package io.emberwatch.exporter.sensor;

import org.jspecify.annotations.NullMarked;
