/** Takes JSON over HTTP and puts it into queues of RabbitMQ. */
@NullMarked
package io.emberwatch.exporter.publish;

import org.jspecify.annotations.NullMarked;
