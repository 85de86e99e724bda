package io.emberwatch.service.lifecycle;

import io.emberwatch.model.time.Scheduler;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What every service is given to run.
 *
 * @param clock the only source of the time of day
 * @param scheduler runs whatever is periodic or late
 * @param dataDirectory where it may keep files; its own folder below, made by itself
 * @param home the folder that holds {@code prometheus/}, {@code grafana/} and so on as shipped
 */
public record ServiceContext(InstantSource clock, Scheduler scheduler, Path dataDirectory, Path home) {}
