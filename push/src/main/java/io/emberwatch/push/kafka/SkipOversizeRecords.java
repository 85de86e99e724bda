package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops and counts a record that the broker takes at no price, because it is too large; everything else ends the thread,
 * whose successor reads the input again.
 */
public final class SkipOversizeRecords implements ProductionExceptionHandler {
    /** The properties under which the topology's owner hands over what counts. */
    static final String METRICS = "emberwatch.metrics";

    static final String COMPONENT = "emberwatch.component";

    private static final Logger logger = LoggerFactory.getLogger("push");

    private @Nullable PushMetrics metrics;
    private String component = "";

    @Override
    public void configure(Map<String, ?> properties) {
        metrics = properties.get(METRICS) instanceof PushMetrics given ? given : null;
        component = String.valueOf(properties.get(COMPONENT));
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (!(exception instanceof RecordTooLargeException)) {
            return Response.fail();
        }
        if (metrics != null) {
            metrics.recordsLost.labels(component).inc();
        }
        logger.atError()
                .addKeyValue("topic", record.topic())
                .addKeyValue("bytes", record.value() == null ? 0 : record.value().length)
                .log("record is too large for the broker, dropped");
        return Response.resume();
    }
}
