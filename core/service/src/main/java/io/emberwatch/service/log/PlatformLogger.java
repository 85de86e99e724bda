package io.emberwatch.service.log;

import java.io.Serial;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Logs to a logger of the platform: the message first, then {@code key=value} for each pair. */
final class PlatformLogger extends LegacyAbstractLogger implements LoggingEventAware {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Logger platform;

    PlatformLogger(String name) {
        this.name = name;
        // The root logger of slf4j has a name, that of the platform has none.
        platform = Logger.getLogger(name.equals(ROOT_LOGGER_NAME) ? "" : name);
    }

    @Override
    public boolean isTraceEnabled() {
        return platform.isLoggable(Level.FINEST);
    }

    @Override
    public boolean isDebugEnabled() {
        return platform.isLoggable(Level.FINE);
    }

    @Override
    public boolean isInfoEnabled() {
        return platform.isLoggable(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return platform.isLoggable(Level.WARNING);
    }

    @Override
    public boolean isErrorEnabled() {
        return platform.isLoggable(Level.SEVERE);
    }

    @Override
    public void log(LoggingEvent event) {
        publish(
                event.getLevel(),
                text(event.getMessage(), event.getArgumentArray(), event.getKeyValuePairs()),
                event.getThrowable());
    }

    @Override
    protected void handleNormalizedLoggingCall(
            org.slf4j.event.Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        publish(level, text(message, arguments, null), thrown);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    private static String text(
            @Nullable String message, Object @Nullable [] arguments, @Nullable List<KeyValuePair> pairs) {
        StringBuilder text = new StringBuilder(String.valueOf(MessageFormatter.basicArrayFormat(message, arguments)));
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                text.append(' ').append(pair.key).append('=');
                LogText.appendValue(String.valueOf(pair.value), text);
            }
        }
        return text.toString();
    }

    private void publish(org.slf4j.event.Level level, String text, @Nullable Throwable thrown) {
        LogRecord entry = new LogRecord(platformLevel(level), text);
        entry.setLoggerName(name);
        entry.setThrown(thrown);
        platform.log(entry);
    }

    private static Level platformLevel(org.slf4j.event.Level level) {
        return switch (level) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE -> Level.FINEST;
        };
    }
}
