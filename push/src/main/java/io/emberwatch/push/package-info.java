/** The push path as a service: Kafka topics with lines in, filtered, processed and stored. */
@NullMarked
package io.emberwatch.push;

import org.jspecify.annotations.NullMarked;
