/** Finds what nobody told the bridge: alerts that were missed, alerts that are over, and a sender that fell silent. */
@NullMarked
package io.emberwatch.bridge.reconcile;

import org.jspecify.annotations.NullMarked;
