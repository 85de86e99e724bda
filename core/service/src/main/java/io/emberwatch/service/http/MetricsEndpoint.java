package io.emberwatch.service.http;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Answers a scrape: families in the format that the client prefers, whole or not at all. */
public final class MetricsEndpoint {
    private static final int FIRST_BYTES = 64 << 10;
    private static final int MOST_KEPT = 1 << 20;

    /** Collects what a scrape asks for. */
    @FunctionalInterface
    public interface Collection {
        List<MetricFamily> collect(Exchange exchange) throws HttpError;
    }

    private final Collection collection;
    private final AtomicReference<@Nullable Page> spare = new AtomicReference<>();

    private MetricsEndpoint(Collection collection) {
        this.collection = collection;
    }

    public static Route at(String path, Collection collection) {
        MetricsEndpoint endpoint = new MetricsEndpoint(collection);
        return Route.get(path, endpoint::respond);
    }

    private void respond(Exchange exchange) throws IOException, HttpError {
        TextFormat format = TextFormat.negotiate(exchange.header("Accept"));
        if (exchange.method().equals("HEAD")) {
            exchange.respondHead(200, format.contentType());
            return;
        }
        Page kept = spare.getAndSet(null);
        Page page = kept == null ? new Page() : kept;
        try {
            ExpositionWriter.write(collection.collect(exchange), format, page);
            exchange.respond(200, format.contentType(), page.bytes(), page.size());
        } finally {
            if (page.size() <= MOST_KEPT) {
                page.reset();
                spare.set(page);
            }
        }
    }

    /** The bytes of a page, to be used for the next one too: most of the garbage of a scrape would be these. */
    private static final class Page extends ByteArrayOutputStream {
        Page() {
            super(FIRST_BYTES);
        }

        byte[] bytes() {
            return buf;
        }
    }
}
