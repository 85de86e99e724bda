/** What a service is, how several run in one process, and the threads that carry them. */
@NullMarked
package io.emberwatch.service.lifecycle;

import org.jspecify.annotations.NullMarked;
