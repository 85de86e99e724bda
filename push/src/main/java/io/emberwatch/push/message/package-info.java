/**
 * The internal format between Router, Aggregator and OnOff: one field as a message {@code measurement#field} with value
 * {@code tags#value#timestamp}, alone or many in one Kafka record.
 */
@NullMarked
package io.emberwatch.push.message;

import org.jspecify.annotations.NullMarked;
