/** Alerts that come straight from the rule engine: grouped, repeated and resolved as Alertmanager would. */
@NullMarked
package io.emberwatch.bridge.direct;

import org.jspecify.annotations.NullMarked;
