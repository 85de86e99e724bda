package io.emberwatch.bridge.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private static final Labels ALERT = Labels.of("alertname", "DiskFull", "cluster", "prod eu", "instance", "db-1");

    private static Addresses addresses(String yaml) throws ConfigException {
        return new Addresses(
                ConfigReader.parse("links.yml", yaml, LinksConfig.class), "https://watch.example.com/bridge/");
    }

    @Test
    void whatOnlyServersKnowIsRewrittenToWhatPeopleReach() throws Exception {
        Addresses addresses = addresses("""
                rewrite:
                  - {from: "http://prometheus-0:9090", to: "https://prometheus.example.com"}
                  - {from: "http://grafana", to: "https://grafana.example.com/g"}
                """);
        assertThat(addresses.of(
                        ALERT,
                        Labels.of("dashboard_url", "http://grafana/d/etcd?x=1", "runbook_url", "http://grafana.org/r"),
                        "http://prometheus-0:9090/graph?g0.expr=up"))
                .containsEntry("graph", "https://prometheus.example.com/graph?g0.expr=up")
                .containsEntry("dashboard", "https://grafana.example.com/g/d/etcd?x=1")
                .containsEntry("runbook", "http://grafana.org/r");
        assertThat(addresses.reachable("http://prometheus-0:90900/graph"))
                .as("another port")
                .isEqualTo("http://prometheus-0:90900/graph");
    }

    @Test
    void alertsThatNameNoRunbookGetTheOneOfTheirKind() throws Exception {
        Addresses addresses = addresses("""
                runbook: https://runbooks.example.com/{alertname}
                dashboard: https://grafana.example.com/d/host?var-cluster={cluster}&var-instance={instance}
                """);
        assertThat(addresses.of(ALERT, Labels.EMPTY, ""))
                .containsEntry("runbook", "https://runbooks.example.com/DiskFull")
                .containsEntry(
                        "dashboard", "https://grafana.example.com/d/host?var-cluster=prod%20eu&var-instance=db-1");
        assertThat(addresses.of(Labels.of("alertname", "Other"), Labels.of("runbook_url", "https://own.example/x"), ""))
                .as("its own runbook, and no dashboard with a hole in its address")
                .containsOnlyKeys("runbook")
                .containsEntry("runbook", "https://own.example/x");
    }

    @Test
    void aPathLeadsToTheBridgesOwnPage() throws Exception {
        Addresses addresses = addresses("{}");
        assertThat(addresses.of(ALERT, Labels.of("runbook_url", "/runbooks/DiskFull"), ""))
                .containsEntry("runbook", "https://watch.example.com/bridge/runbooks/DiskFull");
        assertThat(addresses.of(ALERT, Labels.of("runbook_url", "//evil.example/x"), ""))
                .isEmpty();
        assertThat(Addresses.of(null).of(ALERT, Labels.of("runbook_url", "/runbooks/DiskFull"), ""))
                .isEmpty();
        assertThat(addresses.incident("1z-abc"))
                .isEqualTo("https://watch.example.com/bridge/notifications.html?search=1z-abc");
    }

    @Test
    void aSilenceBeginsWithTheLabelsAtAlertmanagersPage() throws Exception {
        assertThat(addresses("{rewrite: [{from: 'http://am-0:9093', to: 'https://am.example.com'}]}")
                        .silence("http://am-0:9093/", Labels.of("alertname", "Disk\"Full", "cluster", "a,b")))
                .isEqualTo("https://am.example.com/#/silences/new?filter="
                        + "%7Balertname%3D%22Disk%5C%22Full%22%2C%20cluster%3D%22a%2Cb%22%7D");
        assertThat(addresses("{alertmanager: 'https://alerts.example.com/am'}").silence("http://am-0:9093", ALERT))
                .startsWith("https://alerts.example.com/am/#/silences/new?filter=%7Balertname%3D%22DiskFull%22");
        assertThat(addresses("{}").silence("", ALERT)).isEmpty();
        assertThat(addresses("{alertmanager: 'https://am.example.com'}")
                        .silence("https://watch.example.com/bridge", ALERT))
                .as("what the rule engine beside the bridge tells is not at Alertmanager")
                .isEmpty();
        assertThat(addresses("{}").silence("javascript:alert(1)//", ALERT)).isEmpty();
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> addresses("{rewrite: [{from: prometheus, to: 'https://p.example'}]}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("from: prometheus: expected an address");
        assertThatThrownBy(() -> addresses("{runbook: 'runbooks/{alertname}'}")).hasMessageContaining("runbook: ");
    }
}
