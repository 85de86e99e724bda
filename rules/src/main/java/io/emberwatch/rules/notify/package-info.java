/** Sends alerts to Alertmanagers. */
@NullMarked
package io.emberwatch.rules.notify;

import org.jspecify.annotations.NullMarked;
