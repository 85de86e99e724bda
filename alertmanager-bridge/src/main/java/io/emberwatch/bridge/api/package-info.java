/** What the bridge tells about itself over HTTP: notifications with their trail, dead letters, replay. */
@NullMarked
package io.emberwatch.bridge.api;

import org.jspecify.annotations.NullMarked;
