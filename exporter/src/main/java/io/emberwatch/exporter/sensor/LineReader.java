package io.emberwatch.exporter.sensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Cuts a stream into lines and never holds more than one line of the greatest length. */
final class LineReader {
    /** Takes lines as they come. */
    interface Handler {
        /** A line without its line end. */
        void line(String line);

        /** A line was longer than allowed and has been skipped. */
        void tooLong();

        /** The stream ended within a line. */
        void incomplete();
    }

    private static final int CHUNK = 8192;

    private final InputStream in;
    private final byte[] line;
    private final Handler handler;
    private int length;
    private boolean skipping;

    LineReader(InputStream in, int maxLine, Handler handler) {
        this.in = in;
        this.line = new byte[maxLine];
        this.handler = handler;
    }

    /** Reads until the stream ends. */
    void readAll() throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            take(chunk, read);
        }
        if (length > 0 || skipping) {
            handler.incomplete();
        }
    }

    private void take(byte[] chunk, int end) {
        int from = 0;
        for (int i = 0; i < end; i++) {
            if (chunk[i] == '\n') {
                append(chunk, from, i);
                finish();
                from = i + 1;
            }
        }
        append(chunk, from, end);
    }

    private void append(byte[] chunk, int from, int to) {
        int more = to - from;
        if (skipping || more > line.length - length) {
            skipping = true;
            return;
        }
        System.arraycopy(chunk, from, line, length, more);
        length += more;
    }

    private void finish() {
        if (skipping) {
            handler.tooLong();
        } else {
            int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            handler.line(new String(line, 0, end, StandardCharsets.UTF_8));
        }
        length = 0;
        skipping = false;
    }
}
