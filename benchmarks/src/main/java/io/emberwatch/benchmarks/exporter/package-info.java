/** The exporter beside the tools whose work it does. */
@NullMarked
package io.emberwatch.benchmarks.exporter;

import org.jspecify.annotations.NullMarked;
