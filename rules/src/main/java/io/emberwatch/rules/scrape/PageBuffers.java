package io.emberwatch.rules.scrape;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The memory that pages are read into, shared by all targets and bounded: together they take an eighth of the heap at
 * most (and as much again while they are parsed), one page {@link #MAX_PAGE} at most.
 */
final class PageBuffers {
    /** The largest page of a target that has no {@code body_size_limit}, decompressed. */
    static final int MAX_PAGE = 256 << 20;

    private static final int FIRST_SIZE = 64 << 10;
    private static final int KEPT_BUFFERS = 8;
    private static final int LARGEST_KEPT = 4 << 20;

    private final long budget;
    private final Deque<byte[]> idle = new ArrayDeque<>();
    private long used;

    /** @param budget bytes of all pages at one time */
    PageBuffers(long budget) {
        this.budget = budget;
    }

    static PageBuffers ofHeap() {
        return new PageBuffers(Runtime.getRuntime().maxMemory() / 8);
    }

    /**
     * Reads a stream to its end.
     *
     * @param limit the most bytes to take; zero for the general bound
     * @throws ScrapeFailure when there is more, or the memory of all pages is used up
     */
    Page read(InputStream in, long limit) throws IOException, ScrapeFailure {
        long most = limit == 0 ? MAX_PAGE : Math.min(limit, Integer.MAX_VALUE - 64);
        Page page = new Page(take());
        try {
            while (true) {
                int read = in.read(page.bytes, page.length, page.bytes.length - page.length);
                if (read < 0) {
                    return page;
                }
                page.length += read;
                if (page.length > most) {
                    throw new ScrapeFailure(
                            ScrapeFailure.Kind.BODY_SIZE,
                            limit == 0 ? "page is larger than " + MAX_PAGE + " bytes" : "body size limit exceeded");
                }
                if (page.length == page.bytes.length) {
                    grow(page, most);
                }
            }
        } catch (IOException | ScrapeFailure | RuntimeException e) {
            page.close();
            throw e;
        }
    }

    private synchronized byte[] take() {
        byte[] buffer = idle.poll();
        if (buffer == null) {
            buffer = new byte[FIRST_SIZE];
        }
        used += buffer.length;
        return buffer;
    }

    private void grow(Page page, long most) throws ScrapeFailure {
        int old = page.bytes.length;
        int larger = (int) Math.min(old * 2L, most + 1);
        synchronized (this) {
            if (used + larger > budget) {
                throw new ScrapeFailure(
                        ScrapeFailure.Kind.BODY_SIZE,
                        "no memory left for pages: all targets together may take " + budget + " bytes");
            }
            used += larger;
        }
        page.bytes = Arrays.copyOf(page.bytes, larger);
        synchronized (this) {
            used -= old;
        }
    }

    private synchronized void give(byte[] buffer) {
        used -= buffer.length;
        if (idle.size() < KEPT_BUFFERS && buffer.length <= LARGEST_KEPT) {
            idle.push(buffer);
        }
    }

    /** A page in memory; closing gives the memory back. */
    final class Page implements AutoCloseable {
        private byte[] bytes;
        private int length;

        private Page(byte[] bytes) {
            this.bytes = bytes;
        }

        int length() {
            return length;
        }

        /** The page alone. */
        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }

        @Override
        public void close() {
            give(bytes);
        }
    }
}
