/** Lines on disk that wait for Kafka. */
@NullMarked
package io.emberwatch.push.journal;

import org.jspecify.annotations.NullMarked;
