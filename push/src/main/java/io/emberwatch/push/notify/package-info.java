/** Messages of the notification topics and the seam to whoever delivers them. */
@NullMarked
package io.emberwatch.push.notify;

import org.jspecify.annotations.NullMarked;
