/** Words that every channel shares: headlines, times, severities. */
@NullMarked
package io.emberwatch.bridge.render;

import org.jspecify.annotations.NullMarked;
