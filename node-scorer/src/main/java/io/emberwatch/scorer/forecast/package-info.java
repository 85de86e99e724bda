/** Forecasts of single series from their past, what they are worth, and what is out of the usual. */
@NullMarked
package io.emberwatch.scorer.forecast;

import org.jspecify.annotations.NullMarked;
