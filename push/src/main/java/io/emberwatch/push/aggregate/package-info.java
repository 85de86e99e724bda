/** Values gathered over windows of time: the Aggregator without Kafka. */
@NullMarked
package io.emberwatch.push.aggregate;

import org.jspecify.annotations.NullMarked;
