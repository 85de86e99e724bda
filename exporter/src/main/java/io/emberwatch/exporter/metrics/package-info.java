/** What the exporter says of itself. */
@NullMarked
package io.emberwatch.exporter.metrics;

import org.jspecify.annotations.NullMarked;
