/** The values that every service speaks of: labels, samples, metric families, alerts. Depends on nothing but the JDK. */
@NullMarked
package io.emberwatch.model;

import org.jspecify.annotations.NullMarked;
