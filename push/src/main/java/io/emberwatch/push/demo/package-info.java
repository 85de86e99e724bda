/** The push path shown at work: its own broker, simulated sources, a live table of rates. */
@NullMarked
package io.emberwatch.push.demo;

import org.jspecify.annotations.NullMarked;
