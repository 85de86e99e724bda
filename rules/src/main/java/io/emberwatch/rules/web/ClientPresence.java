package io.emberwatch.rules.web;

import io.emberwatch.rules.query.Cancellation;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the other end of a connection is still there. The JDK's HTTP server does not say, but Linux lists all
 * connections with their states (proc_net_tcp.txt of the kernel's documentation). Elsewhere everybody is taken to be there.
 */
final class ClientPresence {
    private static final List<Path> LISTS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String ESTABLISHED = "01";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final long LOOK_NANOS = 500_000_000;
    private static final String MAPPED = "0000000000000000FFFF0000";

    private final List<Path> lists;
    private long looked;
    private @Nullable Set<String> present;

    ClientPresence() {
        this(LISTS);
    }

    ClientPresence(List<Path> lists) {
        this.lists = List.copyOf(lists);
    }

    /** Asks for a stop when the client has closed its side, up to a second later; not in the first half second. */
    Cancellation watch(InetSocketAddress local, InetSocketAddress remote) {
        return new Watch(local, remote);
    }

    private final class Watch implements Cancellation {
        private final InetSocketAddress local;
        private final InetSocketAddress remote;
        private long last = System.nanoTime();
        private boolean gone;

        Watch(InetSocketAddress local, InetSocketAddress remote) {
            this.local = local;
            this.remote = remote;
        }

        @Override
        public synchronized boolean isRequested() {
            long now = System.nanoTime();
            if (!gone && now - last > LOOK_NANOS) {
                last = now;
                gone = isGone(local, remote);
            }
            return gone;
        }
    }

    boolean isGone(InetSocketAddress local, InetSocketAddress remote) {
        Set<String> known = present();
        return known != null && !known.contains(key(local) + " " + key(remote));
    }

    private synchronized @Nullable Set<String> present() {
        long now = System.nanoTime();
        if (looked == 0 || now - looked > LOOK_NANOS) {
            present = read();
            looked = now;
        }
        return present;
    }

    private @Nullable Set<String> read() {
        Set<String> found = new HashSet<>();
        boolean known = false;
        try {
            for (Path list : lists) {
                if (Files.isReadable(list)) {
                    read(list, found);
                    known = true;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return known ? found : null;
    }

    private static void read(Path list, Set<String> into) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.strip().split("\\s+", STATE + 2);
                if (fields.length > STATE && fields[STATE].equals(ESTABLISHED)) {
                    into.add(plain(fields[LOCAL]) + " " + plain(fields[REMOTE]));
                }
            }
        }
    }

    // An IPv4 address in IPv6's clothes is the same address.
    private static String plain(String address) {
        return address.startsWith(MAPPED) ? address.substring(MAPPED.length()) : address;
    }

    private static String key(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        byte[] bytes = ip.getAddress();
        StringBuilder text = new StringBuilder();
        // Words of four bytes in the order of the machine, which is little-endian wherever this runs.
        int words = ip instanceof Inet4Address ? 1 : bytes.length / Integer.BYTES;
        for (int word = 0; word < words; word++) {
            for (int i = Integer.BYTES - 1; i >= 0; i--) {
                text.append(String.format(Locale.ROOT, "%02X", bytes[word * Integer.BYTES + i]));
            }
        }
        return text + ":" + String.format(Locale.ROOT, "%04X", address.getPort());
    }
}
