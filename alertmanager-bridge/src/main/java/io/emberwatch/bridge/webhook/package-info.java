/** The HTTP endpoint that Alertmanager posts to. */
@NullMarked
package io.emberwatch.bridge.webhook;

import org.jspecify.annotations.NullMarked;
