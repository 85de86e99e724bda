package io.emberwatch.exporter.scrape;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.util.List;

/** A part that answers some of what {@code /probe} is asked for. */
public interface Prober {
    /** Whether it has the module or script that the request names. */
    boolean knows(Exchange exchange);

    /**
     * What the target says.
     *
     * @throws HttpError when it cannot be asked
     */
    List<MetricFamily> probe(Exchange exchange) throws HttpError;
}
