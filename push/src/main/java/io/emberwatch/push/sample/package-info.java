/** Lines as samples: for Prometheus' remote write, for the rule engine, for a page. */
@NullMarked
package io.emberwatch.push.sample;

import org.jspecify.annotations.NullMarked;
