package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.testkit.mattermost.MattermostStub;
import io.emberwatch.testkit.mattermost.Post;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectAlertsServiceTest {
    private static final Labels LABELS = Labels.of("alertname", "Ill", "cluster", "prod", "severity", "warning");

    @Test
    void theRuleEnginesAlertsArePostedWithoutAnAlertmanagerAlsoAcrossARestart(@TempDir Path data) throws Exception {
        try (MattermostStub mattermost = MattermostStub.start()) {
            String config = """
                    mattermost: [{name: chat, url: "%s"}]
                    direct: {group_wait: 0s, group_interval: 1s, resolve_timeout: 1h}
                    """.formatted(mattermost.url("alerts"));
            // The bridge runs on the wall clock here and judges by it whether an alert is over.
            Instant startsAt = Instant.now().minusSeconds(5);
            Instant endsAt = startsAt.plusSeconds(5);
            try (Fixture bridge = Fixture.start(data, config)) {
                bridge.service
                        .directAlerts()
                        .send(List.of(new Alert(LABELS, Labels.EMPTY, startsAt, startsAt.plusSeconds(600), "")));
                Post fired = mattermost.awaitPosts(1, Duration.ofSeconds(10)).get(0);
                assertThat(fired.everything()).contains("[FIRING:1] Ill prod");
                assertThat(fired.colors()).containsExactly("#daa038");
            }
            try (Fixture bridge = Fixture.start(data, config)) {
                bridge.service.directAlerts().send(List.of(new Alert(LABELS, Labels.EMPTY, startsAt, endsAt, "")));
                Post resolved = mattermost.awaitPosts(2, Duration.ofSeconds(10)).get(1);
                assertThat(resolved.everything()).contains("[RESOLVED] Ill prod");
            }
            assertThat(mattermost.posts()).hasSize(2);
        }
    }
}
