/** JSON over HTTP as metrics, configured as json_exporter is. */
@NullMarked
package io.emberwatch.exporter.json;

import org.jspecify.annotations.NullMarked;
