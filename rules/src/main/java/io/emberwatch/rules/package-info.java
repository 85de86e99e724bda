/** The rule engine as a service: scraping, storing, querying, evaluating rules, sending alerts. */
@NullMarked
package io.emberwatch.rules;

import org.jspecify.annotations.NullMarked;
