/** The bridge's own metrics. */
@NullMarked
package io.emberwatch.bridge.metrics;

import org.jspecify.annotations.NullMarked;
