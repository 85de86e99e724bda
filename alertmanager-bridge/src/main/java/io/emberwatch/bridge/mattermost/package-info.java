/** Messages as posts through a Mattermost incoming webhook. */
@NullMarked
package io.emberwatch.bridge.mattermost;

import org.jspecify.annotations.NullMarked;
