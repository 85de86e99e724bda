/** Messages as mails over SMTP, one thread per incident. */
@NullMarked
package io.emberwatch.bridge.email;

import org.jspecify.annotations.NullMarked;
