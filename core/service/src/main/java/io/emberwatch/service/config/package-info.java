/** Strict configuration: YAML to records, every fault at once with its place. */
@NullMarked
package io.emberwatch.service.config;

import org.jspecify.annotations.NullMarked;
