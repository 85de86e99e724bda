/** HTTP in and out: a small server on the JDK's, a client on OkHttp. */
@NullMarked
package io.emberwatch.service.http;

import org.jspecify.annotations.NullMarked;
