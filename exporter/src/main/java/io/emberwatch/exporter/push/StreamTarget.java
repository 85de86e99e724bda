package io.emberwatch.exporter.push;

import java.io.IOException;
import java.io.OutputStream;

/** Lines on a stream that stays open, standard output for one. */
final class StreamTarget implements LineTarget {
    private final OutputStream out;

    StreamTarget(OutputStream out) {
        this.out = out;
    }

    @Override
    public void send(byte[] lines) throws IOException {
        out.write(lines);
        out.flush();
    }
}
