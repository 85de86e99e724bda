package io.emberwatch.exporter.probe;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.status.Addresses;
import java.util.List;
import okhttp3.HttpUrl;

/** Says what {@code /probe} may be asked to reach, so that it cannot be used to look around where its port is not meant to. */
public final class TargetGuard {
    private final List<Pattern> allowed;

    /** @param allow {@code host:port} with {@code *} for any text; everything when empty */
    public TargetGuard(List<String> allow) {
        allowed = allow.stream()
                .map(pattern -> Pattern.compile("(?i)" + Pattern.quote(pattern).replace("\\*", ".*")))
                .toList();
    }

    /** Whether a target of a probe is allowed, be it an address of HTTP or a host and a port. */
    public boolean allows(String target) {
        if (allowed.isEmpty()) {
            return true;
        }
        String place = place(target);
        return allowed.stream().anyMatch(pattern -> pattern.matcher(place).matches());
    }

    private static String place(String target) {
        HttpUrl url = HttpUrl.parse(target);
        if (url != null) {
            return Addresses.instance(url);
        }
        if (target.matches("[^/@]+:\\d+")) {
            return target;
        }
        HttpUrl plain = HttpUrl.parse("http://" + target);
        return plain == null ? target : Addresses.instance(plain);
    }
}
