/** Runs PromQL test scripts in the promqltest format against the query engine. */
@NullMarked
package io.emberwatch.rules.conformance;

import org.jspecify.annotations.NullMarked;
