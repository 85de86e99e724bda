/** The embedded store: compressed series in memory, durable in SQLite, read by label matchers. */
@NullMarked
package io.emberwatch.rules.store;

import org.jspecify.annotations.NullMarked;
