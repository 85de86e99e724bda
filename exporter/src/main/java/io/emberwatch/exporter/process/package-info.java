/** Programs that are run for their output, and ended with all that they started. */
@NullMarked
package io.emberwatch.exporter.process;

import org.jspecify.annotations.NullMarked;
