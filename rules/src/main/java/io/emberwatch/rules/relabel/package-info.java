/** Relabelling with the semantics of Prometheus' {@code relabel_config}. */
@NullMarked
package io.emberwatch.rules.relabel;

import org.jspecify.annotations.NullMarked;
