package io.emberwatch.exporter.telegraf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is logged in, by the records of /var/run/utmp, utmp(5) on 64-bit Linux: {@value #RECORD} bytes, the type in the first
 * two, the name at {@value #NAME}.
 */
final class Logins {
    private static final int RECORD = 384;
    private static final int NAME = 44;
    private static final int NAME_LENGTH = 32;
    private static final int USER_PROCESS = 7;
    private static final int MOST = 1 << 20;

    private Logins() {}

    /** The name of each login, or none when the file cannot be read. */
    static List<String> in(Path utmp) {
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(utmp)) {
            byte[] bytes = in.readNBytes(MOST);
            for (int at = 0; at + RECORD <= bytes.length; at += RECORD) {
                if (bytes[at] == USER_PROCESS && bytes[at + 1] == 0) {
                    int end = at + NAME;
                    while (end < at + NAME + NAME_LENGTH && bytes[end] != 0) {
                        end++;
                    }
                    names.add(new String(bytes, at + NAME, end - at - NAME, UTF_8));
                }
            }
        } catch (IOException e) {
            return List.of(); // containers have none
        }
        return names;
    }
}
