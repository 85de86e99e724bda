/** The program: its commands, and the wiring of the services for each of them. */
@NullMarked
package io.emberwatch.launcher;

import org.jspecify.annotations.NullMarked;
