/** Weighted health scores of the members of clusters, and of the clusters, from PromQL inputs and a model given as data. */
@NullMarked
package io.emberwatch.scorer;

import org.jspecify.annotations.NullMarked;
