/** Values that changed, and all of them again from time to time: OnOff without Kafka. */
@NullMarked
package io.emberwatch.push.onoff;

import org.jspecify.annotations.NullMarked;
