/** Series that others push: a table with limits, their kinds, and how raw bytes find them again. */
@NullMarked
package io.emberwatch.exporter.series;

import org.jspecify.annotations.NullMarked;
