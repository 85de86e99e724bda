/** The bridge beside a plain database and beside Alertmanager itself. */
@NullMarked
package io.emberwatch.benchmarks.bridge;

import org.jspecify.annotations.NullMarked;
