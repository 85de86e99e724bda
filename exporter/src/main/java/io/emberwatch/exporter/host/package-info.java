/** Host metrics from /proc and /sys under node_exporter's names. */
@NullMarked
package io.emberwatch.exporter.host;

import org.jspecify.annotations.NullMarked;
