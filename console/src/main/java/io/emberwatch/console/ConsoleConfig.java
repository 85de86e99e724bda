package io.emberwatch.console;

import io.emberwatch.service.config.Default;

/**
 * The page's configuration.
 *
 * @param enabled whether the page is served
 */
public record ConsoleConfig(@Default("true") boolean enabled) {}
