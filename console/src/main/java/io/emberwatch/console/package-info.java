/** The web page: static files that read the Prometheus HTTP API of the same program. */
@NullMarked
package io.emberwatch.console;

import org.jspecify.annotations.NullMarked;
