package io.emberwatch.bridge.planted;

import io.prometheus.client.Collector.MetricFamilySamples;

/** Planted: simpleclient's families outside their one place. */
public final class KnowsSimpleclientFamilies {
    Class<?> known = MetricFamilySamples.class;
}
