/** The stats servers of uWSGI, by uwsgi_exporter's names. */
@NullMarked
package io.emberwatch.exporter.uwsgi;

import org.jspecify.annotations.NullMarked;
