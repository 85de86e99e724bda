/** Alertmanager's own API: which alerts it has, and its silences. */
@NullMarked
package io.emberwatch.bridge.alertmanager;

import org.jspecify.annotations.NullMarked;
