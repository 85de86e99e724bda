/** Reads the mappings of a prometheus.yml, and speaks HTTP as they say: authentication, TLS, headers. */
@NullMarked
package io.emberwatch.rules.settings;

import org.jspecify.annotations.NullMarked;
