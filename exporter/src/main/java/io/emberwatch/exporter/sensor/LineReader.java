package io.emberwatch.exporter.sensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads lines of bounded length; of a longer one nothing is kept but that it was there. */
final class LineReader {
    private final InputStream in;
    private final byte[] line;
    private final byte[] chunk = new byte[8192];
    private int from;
    private int to;

    LineReader(InputStream in, int maxLine) {
        this.in = in;
        line = new byte[maxLine];
    }

    /** Gets lines as they come. */
    interface Handler {
        void line(String text);

        void tooLong();
    }

    /** Reads one line and hands it over; false at the end of the stream. */
    boolean next(Handler handler) throws IOException {
        int length = 0;
        boolean any = false;
        while (true) {
            if (from == to) {
                to = in.read(chunk);
                from = 0;
                if (to <= 0) {
                    to = 0;
                    if (any) {
                        give(handler, length);
                    }
                    return any;
                }
            }
            any = true;
            byte next = chunk[from++];
            if (next == '\n') {
                give(handler, length);
                return true;
            }
            if (length < line.length) {
                line[length] = next;
            }
            length = Math.min(length + 1, line.length + 1);
        }
    }

    private void give(Handler handler, int length) {
        if (length > line.length) {
            handler.tooLong();
        } else {
            handler.line(new String(line, 0, length, StandardCharsets.UTF_8));
        }
    }
}
