/** The statistics of PostgreSQL servers, by postgres_exporter's names. */
@NullMarked
package io.emberwatch.exporter.postgres;

import org.jspecify.annotations.NullMarked;
