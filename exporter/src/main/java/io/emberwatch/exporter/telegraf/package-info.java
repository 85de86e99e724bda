/** The machine under the names that Telegraf's inputs give to what they measure. */
@NullMarked
package io.emberwatch.exporter.telegraf;

import org.jspecify.annotations.NullMarked;
