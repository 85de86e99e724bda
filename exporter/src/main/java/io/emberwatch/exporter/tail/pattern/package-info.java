/** Regular expressions over the bytes of a line, with RE2's meaning and in linear time. */
@NullMarked
package io.emberwatch.exporter.tail.pattern;

import org.jspecify.annotations.NullMarked;
