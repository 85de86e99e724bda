/** What the push path counts. */
@NullMarked
package io.emberwatch.push.metrics;

import org.jspecify.annotations.NullMarked;
