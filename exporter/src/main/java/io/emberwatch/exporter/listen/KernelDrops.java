package io.emberwatch.exporter.listen;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How many datagrams the kernel has dropped at a socket because its buffer was full: the last column of {@code
 * /proc/net/udp} and {@code /proc/net/udp6}.
 */
final class KernelDrops {
    private static final int LOCAL_ADDRESS = 1;
    private static final int BYTES_PER_WORD = 4;

    private final Path directory;

    /** @param directory {@code /proc/net}, or what stands for it */
    KernelDrops(Path directory) {
        this.directory = directory;
    }

    /**
     * The drops at a socket since it was bound.
     *
     * @return 0 when the kernel says nothing of it
     */
    long at(InetSocketAddress local) {
        String port = String.format(Locale.ROOT, ":%04X", local.getPort());
        byte[] address = local.getAddress().getAddress();
        boolean v4 = local.getAddress() instanceof Inet4Address;
        String plain = words(address) + port;
        String mapped = v4 ? "0000000000000000FFFF0000" + plain : plain;
        String any = "00000000000000000000000000000000" + port;
        boolean wildcard = isWildcard(local.getAddress());
        long drops = 0;
        for (String file : List.of("udp", "udp6")) {
            for (String line : lines(directory.resolve(file))) {
                String[] columns = line.trim().split("\\s+", -1);
                if (columns.length > LOCAL_ADDRESS + 1) {
                    String bound = columns[LOCAL_ADDRESS];
                    if (bound.equals(plain) || bound.equals(mapped) || (wildcard && bound.equals(any))) {
                        drops += number(columns[columns.length - 1]);
                    }
                }
            }
        }
        return drops;
    }

    private static boolean isWildcard(InetAddress address) {
        return address.isAnyLocalAddress();
    }

    // The kernel prints addresses as words of the machine, and all machines that run this are little-endian.
    private static String words(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < address.length; word += BYTES_PER_WORD) {
            for (int i = BYTES_PER_WORD - 1; i >= 0; i--) {
                text.append(String.format(Locale.ROOT, "%02X", address[word + i]));
            }
        }
        return text.toString();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // no IPv6, or not Linux
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // the heading
        }
    }
}
