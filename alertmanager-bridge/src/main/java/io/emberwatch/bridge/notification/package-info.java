/** What an alerting system tells at once about one group of alerts, and its JSON. */
@NullMarked
package io.emberwatch.bridge.notification;

import org.jspecify.annotations.NullMarked;
