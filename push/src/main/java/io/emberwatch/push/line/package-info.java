/** The InfluxDB line protocol as bytes: a strict one-pass scanner, a decoder into values, a writer. */
@NullMarked
package io.emberwatch.push.line;

import org.jspecify.annotations.NullMarked;
