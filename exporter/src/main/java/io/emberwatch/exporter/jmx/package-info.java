/** The beans of Java programs, by jmx_exporter's rules. */
@NullMarked
package io.emberwatch.exporter.jmx;

import org.jspecify.annotations.NullMarked;
