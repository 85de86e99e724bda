/** Takes messages from the outbox to their channels: in order per incident, in parallel over incidents, retried in one place. */
@NullMarked
package io.emberwatch.bridge.delivery;

import org.jspecify.annotations.NullMarked;
