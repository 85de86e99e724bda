/**
 * The monitoring library: an application says what it measures, backends named by URI take it away.
 *
 * <p>In the way of the O2 Monitoring library (verbosities, derived metrics, buffering, process metrics), without its
 * losses: texts are escaped, numbers keep all their digits, series are told apart by all of their tags. Needs the JDK
 * alone; Kafka is needed only where a {@code kafka://} backend is used, by whoever provides it.
 *
 * @see <a href="https://github.com/AliceO2Group/Monitoring">O2 Monitoring library</a>
 */
@NullMarked
package io.emberwatch.push.client;

import org.jspecify.annotations.NullMarked;
