package io.emberwatch.service.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

/** Fails with {@link LimitException} once more than a number of bytes was read. */
public final class LimitedInput extends FilterInputStream {
    private long left;

    /** @param limit bytes that may be read */
    public LimitedInput(InputStream in, long limit) {
        super(in);
        left = limit;
    }

    /** More was there than may be read. */
    public static final class LimitException extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) throws LimitException {
        left -= bytes;
        if (left < 0) {
            throw new LimitException();
        }
    }
}
