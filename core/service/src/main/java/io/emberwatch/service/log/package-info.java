/** Structured log lines on standard error. */
@NullMarked
package io.emberwatch.service.log;

import org.jspecify.annotations.NullMarked;
