/** The Prometheus HTTP API, version 1, as far as queries, series, rules, targets and status go. */
@NullMarked
package io.emberwatch.rules.web;

import org.jspecify.annotations.NullMarked;
