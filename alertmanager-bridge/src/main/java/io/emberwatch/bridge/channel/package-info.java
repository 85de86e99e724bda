/** The seam between notifications and the ways to people: messages, outcomes, and what wraps every channel. */
@NullMarked
package io.emberwatch.bridge.channel;

import org.jspecify.annotations.NullMarked;
