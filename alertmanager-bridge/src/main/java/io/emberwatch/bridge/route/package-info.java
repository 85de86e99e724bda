/** Which channels a notification goes to. */
@NullMarked
package io.emberwatch.bridge.route;

import org.jspecify.annotations.NullMarked;
