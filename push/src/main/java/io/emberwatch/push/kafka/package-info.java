/** Everything that speaks with Kafka: topologies, consumers, producers, topics. */
@NullMarked
package io.emberwatch.push.kafka;

import org.jspecify.annotations.NullMarked;
