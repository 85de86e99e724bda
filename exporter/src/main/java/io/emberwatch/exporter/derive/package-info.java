/** Rates, increments and fewer values, made of samples in the way of the O2 Monitoring library. */
@NullMarked
package io.emberwatch.exporter.derive;

import org.jspecify.annotations.NullMarked;
