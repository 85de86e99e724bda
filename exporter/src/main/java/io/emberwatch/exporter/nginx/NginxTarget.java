package io.emberwatch.exporter.nginx;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.exporter.status.StatusHttp;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * One nginx server, read at its {@code stub_status} (ngx_http_stub_status_module). The names are those of
 * nginx-prometheus-exporter, the two counters without {@code _total} as there.
 */
public final class NginxTarget implements StatusTarget {
    private static final int LARGEST_ANSWER = 64 << 10;
    private static final String NUMBER = "(\\d{1,20})";
    private static final Pattern STATUS = Pattern.compile("Active connections:\\s*" + NUMBER
            + "\\s+server accepts handled requests(?: request_time)?"
            + "\\s+" + NUMBER + "\\s+" + NUMBER + "\\s+" + NUMBER + "(?:\\s+\\d{1,20})?"
            + "\\s+Reading:\\s*" + NUMBER + "\\s+Writing:\\s*" + NUMBER + "\\s+Waiting:\\s*" + NUMBER + "\\s*");

    private final String instance;
    private final HttpUrl url;
    private final StatusHttp http;

    public NginxTarget(NginxConfig config) {
        url = Addresses.http(config.url());
        instance = config.instance() == null ? Addresses.instance(url) : config.instance();
        http = new StatusHttp(LARGEST_ANSWER, config.tls(), config.username(), config.password());
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public List<MetricFamily> read(Deadline deadline) throws IOException, TargetFault {
        return parse(new String(http.get(url, null, deadline).body(), StandardCharsets.UTF_8));
    }

    static List<MetricFamily> parse(String page) throws TargetFault {
        Matcher status = STATUS.matcher(page.strip());
        if (!status.matches()) {
            throw TargetFault.garbage("this is not what stub_status answers");
        }
        Families families = new Families();
        families.counter("nginx_connections_accepted", "Accepted client connections", number(status, 2));
        families.gauge("nginx_connections_active", "Active client connections", number(status, 1));
        families.counter("nginx_connections_handled", "Handled client connections", number(status, 3));
        families.gauge(
                "nginx_connections_reading",
                "Connections where NGINX is reading the request header",
                number(status, 5));
        families.gauge("nginx_connections_waiting", "Idle client connections", number(status, 7));
        families.gauge(
                "nginx_connections_writing",
                "Connections where NGINX is writing the response back to the client",
                number(status, 6));
        families.counter("nginx_http_requests_total", "Total http requests", number(status, 4));
        return families.list();
    }

    private static double number(Matcher status, int group) {
        return Double.parseDouble(status.group(group));
    }

    @Override
    public MetricFamily verdict(boolean read) {
        return MetricFamily.gauge("nginx_up", "Status of the last metric scrape", read ? 1 : 0);
    }
}
