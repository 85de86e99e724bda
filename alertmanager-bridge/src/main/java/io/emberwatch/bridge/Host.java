package io.emberwatch.bridge;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this runs on. */
final class Host {
    private Host() {}

    /** Its name as the system has it, without asking a name server where that can be helped. */
    static String name() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
