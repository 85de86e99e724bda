/** Scrapes targets into the store, as a prometheus.yml says: discovery, relabelling, limits, staleness. */
@NullMarked
package io.emberwatch.rules.scrape;

import org.jspecify.annotations.NullMarked;
