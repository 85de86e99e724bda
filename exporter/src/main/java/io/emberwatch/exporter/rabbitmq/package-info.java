/** RabbitMQ: its status by rabbitmq_exporter's names, and messages into it over HTTP. */
@NullMarked
package io.emberwatch.exporter.rabbitmq;

import org.jspecify.annotations.NullMarked;
