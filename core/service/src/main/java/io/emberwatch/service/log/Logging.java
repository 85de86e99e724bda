package io.emberwatch.service.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends every log line to standard error as {@code time LEVEL logger message}, keys as {@code key=value}. */
public final class Logging {
    /** Kafka logs its whole configuration at info. Held here because the platform forgets loggers nobody holds. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("org.apache.kafka"), Logger.getLogger("kafka"), Logger.getLogger("state.change.logger"));

    /** Warns at every start of a default that is not used, whatever was set. */
    private static final Logger SILENT = Logger.getLogger("org.apache.kafka.streams.StreamsConfig");

    private Logging() {}

    /** @param level {@code error}, {@code warn}, {@code info} or {@code debug} */
    public static void configure(String level) {
        Level least = switch (level.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.SEVERE;
            case "warn" -> Level.WARNING;
            case "info" -> Level.INFO;
            case "debug" -> Level.FINE;
            default -> throw new IllegalArgumentException(level + ": a log level is error, warn, info or debug");
        };
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setFormatter(new LineFormatter());
        console.setLevel(Level.ALL);
        root.addHandler(console);
        root.setLevel(least);
        Level quiet = least.intValue() > Level.WARNING.intValue() ? least : Level.WARNING;
        QUIET.forEach(logger -> logger.setLevel(quiet));
        SILENT.setLevel(Level.SEVERE);
    }

    static final class LineFormatter extends Formatter {
        @Override
        public String format(LogRecord entry) {
            StringBuilder line = new StringBuilder(160);
            line.append(DateTimeFormatter.ISO_INSTANT.format(entry.getInstant().truncatedTo(ChronoUnit.MILLIS)));
            line.append(' ').append(level(entry.getLevel())).append(' ');
            line.append(entry.getLoggerName() == null ? "-" : entry.getLoggerName());
            line.append(' ');
            LogText.appendLine(formatMessage(entry), line);
            line.append('\n');
            if (entry.getThrown() != null) {
                appendTrace(entry.getThrown(), line);
            }
            return line.toString();
        }

        // Every line of a trace is indented, so that no text of an exception looks like a line of the log.
        private static void appendTrace(Throwable thrown, StringBuilder line) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(part -> {
                line.append("    ");
                LogText.appendLine(part.replace("\t", "    "), line);
                line.append('\n');
            });
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            } else if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            } else if (level.intValue() >= Level.INFO.intValue()) {
                return "INFO ";
            }
            return "DEBUG";
        }
    }
}
