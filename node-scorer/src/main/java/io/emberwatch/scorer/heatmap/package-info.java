/** The health of a cluster by hour and day as a picture, a table or text. */
@NullMarked
package io.emberwatch.scorer.heatmap;

import org.jspecify.annotations.NullMarked;
