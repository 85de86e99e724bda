/** Time as a parameter: what runs when, without reading a clock. */
@NullMarked
package io.emberwatch.model.time;

import org.jspecify.annotations.NullMarked;
