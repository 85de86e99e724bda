/** Collects from sources before a deadline and merges what they say into one valid page. */
@NullMarked
package io.emberwatch.exporter.page;

import org.jspecify.annotations.NullMarked;
