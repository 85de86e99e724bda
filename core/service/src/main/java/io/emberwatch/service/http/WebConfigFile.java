package io.emberwatch.service.http;

import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@code web.config.yml} that is looked at again before every request and read again when it changed. When what it holds
 * then cannot be used, what it held before stays in use, and the log says why.
 */
public final class WebConfigFile {
    private static final Logger logger = LoggerFactory.getLogger("http");

    private final @Nullable Path file;
    private volatile WebConfig config;
    private List<Object> stamp;

    private WebConfigFile(@Nullable Path file, WebConfig config, List<Object> stamp) {
        this.file = file;
        this.config = config;
        this.stamp = stamp;
    }

    /** A configuration that never changes. */
    public static WebConfigFile fixed(WebConfig config) {
        return new WebConfigFile(null, config, List.of());
    }

    /** Reads the file; faults now are the caller's. */
    public static WebConfigFile read(Path file) throws IOException, ConfigException {
        List<Object> stamp = stamp(file);
        return new WebConfigFile(file, WebConfig.read(file), stamp);
    }

    /** What the file holds, or held when it could last be used. */
    public WebConfig current() {
        if (file != null) {
            reread(file);
        }
        return config;
    }

    private synchronized void reread(Path changing) {
        List<Object> now = stamp(changing);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            WebConfig read = WebConfig.read(changing);
            if ((read.tlsServerConfig() == null) != (config.tlsServerConfig() == null)) {
                throw new IOException("TLS cannot be turned on or off while the server runs; restart it");
            }
            config = read;
            logger.atInfo().addKeyValue("file", changing).log("web configuration read again");
        } catch (IOException | ConfigException | RuntimeException e) {
            logger.atError()
                    .addKeyValue("file", changing)
                    .addKeyValue("reason", e.getMessage())
                    .log("changed web configuration cannot be used, the old one stays");
        }
    }

    private static List<Object> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return List.of("missing");
        }
    }
}
