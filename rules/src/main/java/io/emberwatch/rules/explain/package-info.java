/** Why a query gives what it gives, or nothing. */
@NullMarked
package io.emberwatch.rules.explain;

import org.jspecify.annotations.NullMarked;
