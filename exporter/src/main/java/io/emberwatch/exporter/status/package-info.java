/** What is common to the sources that ask other servers how they are. */
@NullMarked
package io.emberwatch.exporter.status;

import org.jspecify.annotations.NullMarked;
