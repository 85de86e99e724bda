package io.emberwatch.exporter.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
 *
 * @param device the source, such as {@code /dev/sda1}
 */
record Mount(String device, String mountPoint, String fsType, String major, String minor, boolean readOnly) {
    private static final int ROOT_OPTIONS = 5;
    private static final int FIELDS_BEFORE = 6;

    /** The mounts of a table, of equal ones the last; lines that are not understood are left out. */
    static List<Mount> parse(List<String> lines) {
        Map<List<String>, Mount> mounts = new LinkedHashMap<>();
        for (String line : lines) {
            List<String> words = Words.of(line);
            int separator = words.indexOf("-");
            int colon = words.size() > 2 ? words.get(2).indexOf(':') : -1;
            if (separator >= FIELDS_BEFORE && words.size() > separator + 2 && colon > 0) {
                String superOptions = words.size() > separator + 3 ? words.get(separator + 3) : "";
                Mount mount = new Mount(
                        unescape(words.get(separator + 2)),
                        unescape(words.get(4)),
                        words.get(separator + 1),
                        words.get(2).substring(0, colon),
                        words.get(2).substring(colon + 1),
                        isReadOnly(words.get(ROOT_OPTIONS)) || isReadOnly(superOptions));
                mounts.put(List.of(mount.device, mount.mountPoint, mount.fsType), mount);
            }
        }
        return new ArrayList<>(mounts.values());
    }

    private static boolean isReadOnly(String options) {
        List<String> all = List.of(options.split(",", -1));
        return all.contains("ro") || all.contains("emergency_ro");
    }

    // The kernel writes blanks, tabs, line ends and backslashes as three octal digits.
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length() && isOctal(text, i + 1)) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    private static boolean isOctal(String text, int from) {
        return text.substring(from, from + 3).chars().allMatch(c -> c >= '0' && c <= '7');
    }
}
