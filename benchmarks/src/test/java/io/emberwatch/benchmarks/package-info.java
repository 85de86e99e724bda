/** Comparisons with the tools that Emberwatch stands beside: same data, same run, processor time and ratios. */
@NullMarked
package io.emberwatch.benchmarks;

import org.jspecify.annotations.NullMarked;
