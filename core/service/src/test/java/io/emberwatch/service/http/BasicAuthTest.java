package io.emberwatch.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.Secret;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthTest {
    // Published test vectors of crypt_blowfish; the last has the prefix that htpasswd writes.
    private static final BasicAuth USERS = new BasicAuth(Map.of(
            "alice", new Secret("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            "empty", new Secret("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
            "greek", new Secret("$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
            "long", new Secret("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")));
    private static final String SEVENTY_TWO =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static boolean admits(String user, String password) {
        return USERS.admits("Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
    }

    @Test
    void passwordThatBelongsToTheUserIsAdmittedAgainAndAgain() {
        for (int i = 0; i < 3; i++) {
            assertThat(admits("alice", "U*U")).isTrue();
            assertThat(admits("alice", "U*V")).isFalse();
            assertThat(admits("empty", "")).isTrue();
            assertThat(admits("empty", "U*U")).isFalse();
        }
    }

    @Test
    void unknownUserIsNotAdmittedWithAnyPassword() {
        assertThat(admits("mallory", "U*U")).isFalse();
        assertThat(admits("", "")).isFalse();
    }

    @Test
    void passwordsAreComparedBySeventyTwoBytes() {
        assertThat(admits("long", SEVENTY_TWO + "chars after 72 are ignored")).isTrue();
        assertThat(admits("long", SEVENTY_TWO)).isTrue();
        assertThat(admits("long", SEVENTY_TWO.substring(1))).isFalse();
    }

    @Test
    void userAndPasswordAreNotConfusedByTheirSeparator() {
        assertThat(admits("alice:U*U", "")).isFalse();
        assertThat(admits("alice", ":U*U")).isFalse();
    }

    @Test
    void moreResultsThanAreRememberedChangeNothing() {
        for (int i = 0; i < BasicAuth.REMEMBERED + 10; i++) {
            assertThat(admits("alice", "guess " + i)).isFalse();
        }
        assertThat(admits("alice", "U*U")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Basic", "Basic ", "Basic %%%", "Basic YWxpY2U=", "Bearer YWxpY2U6VSpV", "YWxpY2U6VSpV"})
    void otherHeadersAreNotAdmitted(String header) {
        assertThat(USERS.admits(header)).isFalse();
        assertThat(USERS.admits(null)).isFalse();
    }

    @Test
    void schemeIsReadInAnyCase() {
        assertThat(USERS.admits("bAsIc YWxpY2U6VSpV")).isTrue();
    }
}
