/** Alert templates: the subset of Go's {@code text/template} that Prometheus rules use, with Prometheus' functions. */
@NullMarked
package io.emberwatch.rules.template;

import org.jspecify.annotations.NullMarked;
