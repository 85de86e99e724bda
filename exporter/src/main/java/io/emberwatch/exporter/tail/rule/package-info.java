/** Rules that make counters, gauges and histograms of the records of a log. */
@NullMarked
package io.emberwatch.exporter.tail.rule;

import org.jspecify.annotations.NullMarked;
