/** What was received and what is still to be delivered, on disk before anybody is told that it was taken. */
@NullMarked
package io.emberwatch.bridge.outbox;

import org.jspecify.annotations.NullMarked;
