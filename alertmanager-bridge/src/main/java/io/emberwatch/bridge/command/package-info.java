/** A channel that runs a command, such as one that restarts a sensor. */
@NullMarked
package io.emberwatch.bridge.command;

import org.jspecify.annotations.NullMarked;
