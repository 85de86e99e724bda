/** Unit tests and checks of rule files, in promtool's formats. */
@NullMarked
package io.emberwatch.rules.ruletest;

import org.jspecify.annotations.NullMarked;
