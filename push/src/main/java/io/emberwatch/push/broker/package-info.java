/** A single Kafka broker inside this process, for demonstrations, tests and small sites. */
@NullMarked
package io.emberwatch.push.broker;

import org.jspecify.annotations.NullMarked;
