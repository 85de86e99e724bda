package io.emberwatch.launcher;

import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that reads the configuration. */
class FileOptions {
    @Option(
            names = "--config",
            paramLabel = "F",
            description = "configuration file, YAML; defaults without one. A fault is told with file:line:column")
    @Nullable
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where offsets, buffers and stores are kept, made when missing; default ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    ServiceContext context(ThreadScheduler scheduler) {
        return new ServiceContext(InstantSource.system(), scheduler, data.toAbsolutePath(), Home.folder());
    }
}
