/** What programs and files print, read as metrics. */
@NullMarked
package io.emberwatch.exporter.output;

import org.jspecify.annotations.NullMarked;
