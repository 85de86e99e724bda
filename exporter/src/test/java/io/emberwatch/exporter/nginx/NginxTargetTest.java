package io.emberwatch.exporter.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import org.junit.jupiter.api.Test;

class NginxTargetTest {
    private static final String PAGE = """
            Active connections: 291\s
            server accepts handled requests
             16630948 16630946 31070465\s
            Reading: 6 Writing: 179 Waiting: 106\s
            """;

    @Test
    void everyNumberHasItsName() throws Exception {
        assertThat(ExpositionWriter.toText(NginxTarget.parse(PAGE), TextFormat.PROMETHEUS_0_0_4))
                .isEqualTo("""
                # HELP nginx_connections_accepted Accepted client connections
                # TYPE nginx_connections_accepted counter
                nginx_connections_accepted 16630948
                # HELP nginx_connections_active Active client connections
                # TYPE nginx_connections_active gauge
                nginx_connections_active 291
                # HELP nginx_connections_handled Handled client connections
                # TYPE nginx_connections_handled counter
                nginx_connections_handled 16630946
                # HELP nginx_connections_reading Connections where NGINX is reading the request header
                # TYPE nginx_connections_reading gauge
                nginx_connections_reading 6
                # HELP nginx_connections_waiting Idle client connections
                # TYPE nginx_connections_waiting gauge
                nginx_connections_waiting 106
                # HELP nginx_connections_writing Connections where NGINX is writing the response back to the client
                # TYPE nginx_connections_writing gauge
                nginx_connections_writing 179
                # HELP nginx_http_requests_total Total http requests
                # TYPE nginx_http_requests_total counter
                nginx_http_requests_total 31070465
                """);
    }

    @Test
    void anotherPageIsGarbage() {
        for (String page : new String[] {"", "<html>", PAGE.replace("Waiting", "Wanting"), PAGE + PAGE}) {
            assertThatThrownBy(() -> NginxTarget.parse(page)).isInstanceOf(TargetFault.class);
        }
    }
}
