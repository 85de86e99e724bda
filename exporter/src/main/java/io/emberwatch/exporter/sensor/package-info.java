/** Programs that print values line by line, kept running and measured. */
@NullMarked
package io.emberwatch.exporter.sensor;

import org.jspecify.annotations.NullMarked;
