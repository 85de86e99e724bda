package io.emberwatch.rules.scrape;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.settings.ClientFactory;
import io.emberwatch.rules.store.SeriesStore;
import java.time.InstantSource;

/** What all targets share. */
record ScrapeContext(
        SeriesStore store,
        InstantSource clock,
        Scheduler scheduler,
        ClientFactory clients,
        PageBuffers buffers,
        ScrapeMetrics metrics) {}
