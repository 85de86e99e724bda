/** The status of nginx servers, by nginx-prometheus-exporter's names. */
@NullMarked
package io.emberwatch.exporter.nginx;

import org.jspecify.annotations.NullMarked;
