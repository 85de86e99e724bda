/** Alertmanager webhooks and the rule engine's alerts to Mattermost and mail; nothing acknowledged is lost. */
@NullMarked
package io.emberwatch.bridge;

import org.jspecify.annotations.NullMarked;
