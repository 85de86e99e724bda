package io.emberwatch.service.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
    private static final java.util.logging.Logger ROOT = java.util.logging.Logger.getLogger("");
    private static final Logger logger = LoggerFactory.getLogger("scrape");

    private final PrintStream err = System.err;
    private final Handler[] handlers = ROOT.getHandlers();
    private final Level level = ROOT.getLevel();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void captureStandardError() {
        System.setErr(new PrintStream(written, true, UTF_8));
        Logging.configure("info");
    }

    @AfterEach
    void restore() {
        System.setErr(err);
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        for (Handler handler : handlers) {
            ROOT.addHandler(handler);
        }
        ROOT.setLevel(level);
    }

    // What was logged, without the times.
    private String lines() {
        return written.toString(UTF_8).replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z ", "");
    }

    @Test
    void lineHasTimeLevelLoggerMessageAndPairs() {
        logger.atWarn()
                .addKeyValue("target", "etcd-1")
                .addKeyValue("attempt", 3)
                .log("scrape failed");

        assertThat(written.toString(UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z "
                        + "WARN  scrape scrape failed target=etcd-1 attempt=3\n");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain,plain",
                "two words,\"two words\"",
                "'',\"\"",
                "a=b,\"a=b\"",
                "say \"hi\",\"say \\\"hi\\\"\"",
                "C:\\x,C:\\x",
                "C:\\x y,\"C:\\\\x y\"",
                "http://h/?q=1,\"http://h/?q=1\"",
                "größe,größe",
            })
    void valuesAreQuotedWhenNeedBe(String value, String text) {
        logger.atInfo().addKeyValue("key", value).log("message");

        assertThat(lines()).isEqualTo("INFO  scrape message key=" + text + "\n");
    }

    @Test
    void nothingFromOutsideBeginsALine() {
        logger.atInfo()
                .addKeyValue("key", "x\n2026-01-01T00:00:00Z ERROR forged\r\t\u001b[31m\u2028")
                .addKeyValue("nothing", (Object) null)
                .log("message\nof two lines\u0085");

        assertThat(lines())
                .isEqualTo("INFO  scrape message\\nof two lines\\u0085"
                        + " key=\"x\\n2026-01-01T00:00:00Z ERROR forged\\r\\t\\u001b[31m\\u2028\" nothing=null\n");
    }

    @Test
    void tracesAreIndented() {
        logger.atError()
                .setCause(new IllegalStateException("bad\n2026 ERROR forged"))
                .log("failed");

        assertThat(lines()).startsWith("""
                ERROR scrape failed
                    java.lang.IllegalStateException: bad
                    2026 ERROR forged
                        at io.emberwatch.service.log.LoggingTest.tracesAreIndented(""");
        assertThat(lines().lines().skip(1)).allMatch(line -> line.startsWith("    "));
    }

    @Test
    void plainCallsAreFormatted() {
        logger.info("{} of {} done, {{}}", 1, 2);
        logger.atWarn().addArgument(5).addKeyValue("k", "v").log("{} left");
        logger.error("gone", new IllegalStateException("why"));

        assertThat(lines())
                .startsWith(
                        "INFO  scrape 1 of 2 done, {{}}\nWARN  scrape 5 left k=v\nERROR scrape gone\n    java.lang.");
    }

    @Test
    void onlyTheLevelAndAboveIsLogged() {
        Logging.configure("warn");
        logger.info("hidden");
        logger.atInfo().addKeyValue("a", 1).log("hidden");
        logger.warn("shown");
        assertThat(lines()).isEqualTo("WARN  scrape shown\n");
        assertThat(logger.isInfoEnabled()).isFalse();

        Logging.configure("DEBUG");
        logger.debug("details");
        logger.trace("hidden");
        assertThat(lines()).endsWith("DEBUG scrape details\n").doesNotContain("hidden");
    }

    @Test
    void unknownLevelIsRefusedAndChangesNothing() {
        assertThatThrownBy(() -> Logging.configure("loud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loud: a log level is error, warn, info or debug");
        logger.info("still here");
        assertThat(lines()).isEqualTo("INFO  scrape still here\n");
    }

    @Test
    void librariesThatTalkMuchAreKeptQuiet() {
        LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").info("config");
        LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").warn("no broker");

        assertThat(lines()).isEqualTo("WARN  org.apache.kafka.clients.NetworkClient no broker\n");
    }

    @Test
    void kafkaIsHeardFromWarningsOnAndNeverMoreThanTheRest() {
        java.util.logging.Logger kafka = java.util.logging.Logger.getLogger("org.apache.kafka.clients.NetworkClient");
        Logging.configure("debug");
        assertThat(kafka.isLoggable(Level.WARNING)).isTrue();
        assertThat(kafka.isLoggable(Level.INFO)).isFalse();
        Logging.configure("error");
        assertThat(kafka.isLoggable(Level.WARNING)).isFalse();
        assertThat(kafka.isLoggable(Level.SEVERE)).isTrue();
        Logging.configure("info");
    }
}
