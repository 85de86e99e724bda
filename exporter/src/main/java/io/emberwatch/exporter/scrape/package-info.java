/** Asks many sources at once within a deadline and makes one valid page of what they say. */
@NullMarked
package io.emberwatch.exporter.scrape;

import org.jspecify.annotations.NullMarked;
