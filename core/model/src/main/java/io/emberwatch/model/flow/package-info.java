/** The four seams between services: where samples come from and go to, who answers queries, who takes alerts. */
@NullMarked
package io.emberwatch.model.flow;

import org.jspecify.annotations.NullMarked;
