/** The push path beside what is built the usual way on the same broker. */
@NullMarked
package io.emberwatch.benchmarks.push;

import org.jspecify.annotations.NullMarked;
