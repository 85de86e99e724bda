package io.emberwatch.launcher;

import io.emberwatch.model.text.Durations;
import io.emberwatch.service.http.ListenAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words of the command line become values; what cannot be read is a usage error that says what was expected. */
final class Conversions {
    private Conversions() {}

    static void register(CommandLine commands) {
        commands.registerConverter(Duration.class, reading(Conversions::duration))
                .registerConverter(ListenAddress.class, reading(ListenAddress::parse))
                .registerConverter(URI.class, reading(Conversions::address))
                .registerConverter(Moment.class, reading(Moment::parse));
    }

    private static <T> ITypeConverter<T> reading(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    private static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException(text + ": expected more than nothing");
        }
        return duration;
    }

    /** @throws IllegalArgumentException when it is no address of an HTTP server */
    static URI address(String text) {
        IllegalArgumentException refusal =
                new IllegalArgumentException(text + ": expected an address such as http://127.0.0.1:9600");
        try {
            URI address = URI.create(text);
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (!http || address.getHost() == null) {
                throw refusal;
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw refusal;
        }
    }
}
