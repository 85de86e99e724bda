/** Queries and rules, beside Prometheus. */
@NullMarked
package io.emberwatch.benchmarks.rules;

import org.jspecify.annotations.NullMarked;
