/** What tests of several modules share: clocks, schedulers, contracts and fakes. */
@NullMarked
package io.emberwatch.testkit;

import org.jspecify.annotations.NullMarked;
