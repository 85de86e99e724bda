/** The embedded store and the scraper beside Prometheus. */
@NullMarked
package io.emberwatch.benchmarks.store;

import org.jspecify.annotations.NullMarked;
