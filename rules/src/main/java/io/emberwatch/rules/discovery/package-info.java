/** Finds targets: listed in the configuration, in files, or by an HTTP endpoint. */
@NullMarked
package io.emberwatch.rules.discovery;

import org.jspecify.annotations.NullMarked;
