package io.emberwatch.rules.web;

import io.emberwatch.service.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a successful answer: a small one is sent in one piece, compressed for who takes that, a large one as it is
 * written, so that no more than {@value #MOST_KEPT} bytes of it are in memory.
 */
final class AnswerStream extends OutputStream {
    static final int MOST_KEPT = 1 << 20;

    private static final String TYPE = "application/json";

    private final Exchange exchange;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(4096);
    private @Nullable OutputStream out;

    AnswerStream(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream begun = out;
        if (begun == null && kept.size() + length > MOST_KEPT) {
            begun = exchange.stream(200, TYPE);
            out = begun;
            kept.writeTo(begun);
            kept.reset();
        }
        (begun == null ? kept : begun).write(bytes, offset, length);
    }

    /** Everything is written: sends what is kept. An answer that is closed without this is cut off. */
    void complete() throws IOException {
        OutputStream begun = out;
        if (begun == null) {
            exchange.respond(200, TYPE, kept.toByteArray());
        } else {
            begun.close();
        }
    }
}
