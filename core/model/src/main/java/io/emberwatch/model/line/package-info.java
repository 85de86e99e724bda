/** The InfluxDB line protocol as bytes: a strict one-pass scanner, a decoder into values, a writer. */
@NullMarked
package io.emberwatch.model.line;

import org.jspecify.annotations.NullMarked;
