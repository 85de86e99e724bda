/** How much scoring costs. */
@NullMarked
package io.emberwatch.benchmarks.scorer;

import org.jspecify.annotations.NullMarked;
