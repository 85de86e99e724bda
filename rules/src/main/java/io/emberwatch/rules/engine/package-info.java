/** Recording and alerting rules: rule files, evaluation on a fixed grid, the state of alerts, reloading. */
@NullMarked
package io.emberwatch.rules.engine;

import org.jspecify.annotations.NullMarked;
