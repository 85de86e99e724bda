package io.emberwatch.launcher;

import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What every long-running command takes. */
final class ServiceOptions {
    @Option(names = "--config", paramLabel = "F", description = "configuration file; defaults without one")
    @Nullable
    Path config;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            converter = ListenAddressConverter.class,
            description = "host:port to serve on, or :port for every interface; default loopback")
    @Nullable
    ListenAddress listen;

    @Option(names = "--data", paramLabel = "DIR", description = "where files are kept; default ${DEFAULT-VALUE}")
    Path data = Path.of("data");

    static final class ListenAddressConverter implements ITypeConverter<ListenAddress> {
        @Override
        public ListenAddress convert(String text) {
            try {
                return ListenAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    ListenAddress listenOr(int port) {
        return listen != null ? listen : new ListenAddress("127.0.0.1", port);
    }

    ServiceContext context(ThreadScheduler scheduler) {
        return new ServiceContext(InstantSource.system(), scheduler, data.toAbsolutePath(), Home.folder());
    }
}
