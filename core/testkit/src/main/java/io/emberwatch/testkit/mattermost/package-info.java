/** A stand-in for a Mattermost server, as strict as the real one. */
@NullMarked
package io.emberwatch.testkit.mattermost;

import org.jspecify.annotations.NullMarked;
