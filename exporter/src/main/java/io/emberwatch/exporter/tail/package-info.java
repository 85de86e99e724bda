/** Logs that are followed as they grow, and counted exactly once over every restart. */
@NullMarked
package io.emberwatch.exporter.tail;

import org.jspecify.annotations.NullMarked;
