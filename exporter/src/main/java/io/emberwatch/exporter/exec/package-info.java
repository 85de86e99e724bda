/** Programs whose output is metrics: run for the page, at an interval, or when a probe asks. */
@NullMarked
package io.emberwatch.exporter.exec;

import org.jspecify.annotations.NullMarked;
