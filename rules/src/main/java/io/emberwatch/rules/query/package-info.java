/** PromQL: lexer, parser, type checker, printer and evaluator over any {@link io.emberwatch.rules.query.SeriesSource}. */
@NullMarked
package io.emberwatch.rules.query;

import org.jspecify.annotations.NullMarked;
