/** Texts that users write themselves, as Pebble templates. */
@NullMarked
package io.emberwatch.bridge.template;

import org.jspecify.annotations.NullMarked;
