package io.emberwatch.rules.remote;

import io.emberwatch.model.MetricType;

/** Takes what a write request holds, in its order. */
interface RequestHandler {
    /** @param series to be read before returning; it is used again */
    void series(IncomingSeries series);

    void metadata(String family, MetricType type, String help, String unit);
}
