/** The servers whose status is shown: what a configuration says of them, put together. */
@NullMarked
package io.emberwatch.exporter.services;

import org.jspecify.annotations.NullMarked;
