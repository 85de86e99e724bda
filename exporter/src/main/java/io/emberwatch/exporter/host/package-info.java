/** What the Linux kernel tells of its machine, under the names of node_exporter. */
@NullMarked
package io.emberwatch.exporter.host;

import org.jspecify.annotations.NullMarked;
