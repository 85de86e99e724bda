/** Which line goes where: the Router's rules and its one pass over a record, without Kafka. */
@NullMarked
package io.emberwatch.push.route;

import org.jspecify.annotations.NullMarked;
