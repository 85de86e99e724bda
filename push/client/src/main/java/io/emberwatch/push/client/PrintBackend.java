package io.emberwatch.push.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prints lines, each behind a prefix. */
final class PrintBackend implements Backend {
    private final OutputStream out;
    private final byte[] prefix;

    PrintBackend(PrintStream out, String prefix) {
        this.out = out;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void send(List<Line> lines) throws IOException {
        for (Line line : lines) {
            byte[] whole = new byte[prefix.length + line.length()];
            System.arraycopy(prefix, 0, whole, 0, prefix.length);
            line.copyTo(whole, prefix.length);
            out.write(whole); // in one piece, so that lines of several threads and programs do not mix
        }
        out.flush();
    }
}
