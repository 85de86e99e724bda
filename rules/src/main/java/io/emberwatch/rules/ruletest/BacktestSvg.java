package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Alert;
import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.engine.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A backtest as a picture: time from left to right, a row per alert, a bar while it was pending or fired. */
final class BacktestSvg {
    private static final int WIDTH = 1200;
    private static final int LEFT = 360;
    private static final int RIGHT = 24;
    private static final int TOP = 84;
    private static final int ROW = 20;
    private static final int HEAD = 30;
    private static final int LABEL_CHARS = 52;

    /** Rows beyond this many are summed up in one line, so that a picture of any rule can be opened. */
    private static final int MAX_ROWS = 500;

    private static final long[] TICKS_SECONDS = {
        1,
        5,
        10,
        30,
        60,
        300,
        600,
        900,
        1800,
        3600,
        7200,
        10800,
        21600,
        43200,
        86400,
        172_800,
        604_800,
        2_592_000,
        31_536_000
    };
    private static final int MAX_TICKS = 9;
    private static final DateTimeFormatter CLOCK = format("HH:mm");
    private static final DateTimeFormatter CLOCK_SECONDS = format("HH:mm:ss");
    private static final DateTimeFormatter DAY = format("d MMM");
    private static final DateTimeFormatter FULL = format("yyyy-MM-dd HH:mm:ss");

    private final BacktestResult result;
    private final long from;
    private final long length;
    private final StringBuilder body = new StringBuilder();
    private int y = TOP;
    private int rows;

    BacktestSvg(BacktestResult result) {
        this.result = result;
        this.from = result.period().from().toEpochMilli();
        long to = result.period().to().plus(result.period().interval()).toEpochMilli();
        this.length = Math.max(1, to - from);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    String write() {
        result.alerts().forEach(this::alert);
        for (BacktestResult.Failure failure : result.failures()) {
            text(16, y + 14, "bad", failure.rule() + " failed at " + failure.at() + ": " + failure.error());
            y += ROW;
        }
        int height = y + 28;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height);
        svg.append("\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\">\n");
        svg.append(STYLE);
        svg.append("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        svg.append(title());
        svg.append(axis(height - 22));
        return svg.append(body).append("</svg>\n").toString();
    }

    private static final String STYLE = """
            <style>
              .page { fill: #ffffff; }
              text { font: 12px system-ui, sans-serif; fill: #24292f; }
              .title { font-size: 17px; font-weight: 600; }
              .name { font-size: 13px; font-weight: 600; }
              .quiet { fill: #6e7781; }
              .bad { fill: #b42318; }
              .grid { stroke: #d8dee4; stroke-width: 1; }
              .day { stroke: #8c959f; }
              .lane { fill: #f6f8fa; }
              .pending { fill: #f2c14e; }
              .firing { fill: #cf3a2b; }
            </style>
            """;

    private String title() {
        long fired = result.alerts().stream()
                .mapToLong(BacktestResult.Timeline::fired)
                .sum();
        long rules = result.alerts().stream().filter(alert -> alert.fired() > 0).count();
        StringBuilder text = new StringBuilder();
        append(
                text,
                16,
                30,
                "title",
                rules + " of " + result.alerts().size() + " alerts would have fired, " + fired
                        + (fired == 1 ? " time" : " times"));
        append(
                text,
                16,
                52,
                "quiet",
                FULL.format(result.period().from()) + " to "
                        + FULL.format(result.period().to()) + " UTC, evaluated every "
                        + Durations.format(result.period().interval()));
        int x = WIDTH - RIGHT - 170;
        text.append(rect("pending", x, 20, 14, 12, 2, "")).append(rect("firing", x + 90, 20, 14, 12, 2, ""));
        append(text, x + 20, 31, "", "pending");
        append(text, x + 110, 31, "", "firing");
        return text.toString();
    }

    private String axis(int bottom) {
        long tick = TICKS_SECONDS[TICKS_SECONDS.length - 1];
        for (long candidate : TICKS_SECONDS) {
            if (length / 1000 / candidate <= MAX_TICKS) {
                tick = candidate;
                break;
            }
        }
        StringBuilder text = new StringBuilder();
        long millis = tick * 1000;
        for (long at = Math.floorDiv(from + millis - 1, millis) * millis; at <= from + length; at += millis) {
            Instant time = Instant.ofEpochMilli(at);
            boolean midnight = Math.floorMod(at, Duration.ofDays(1).toMillis()) == 0;
            double x = x(at);
            text.append("<line class=\"grid")
                    .append(midnight ? " day" : "")
                    .append("\" x1=\"")
                    .append(number(x));
            text.append("\" x2=\"")
                    .append(number(x))
                    .append("\" y1=\"")
                    .append(TOP - 6)
                    .append("\" y2=\"");
            text.append(bottom).append("\"/>\n");
            DateTimeFormatter format = midnight ? DAY : tick < 60 ? CLOCK_SECONDS : CLOCK;
            append(text, x, TOP - 12, "quiet\" text-anchor=\"middle", format.format(time));
        }
        return text.toString();
    }

    private void alert(BacktestResult.Timeline alert) {
        Map<Labels, List<BacktestResult.Episode>> byLabels = new LinkedHashMap<>();
        alert.episodes()
                .forEach(episode -> byLabels.computeIfAbsent(episode.labels(), l -> new ArrayList<>())
                        .add(episode));
        long count = alert.fired();
        text(16, y + 19, "name", cut(alert.alert()));
        String verdict = count > 0
                ? "fired " + count + (count == 1 ? " time" : " times")
                : byLabels.isEmpty() ? "never active" : "pending only";
        body.append("<text class=\"quiet\" text-anchor=\"end\" x=\"")
                .append(LEFT - 12)
                .append("\" y=\"")
                .append(y + 19);
        body.append("\">").append(verdict).append("</text>\n");
        y += HEAD;
        int left = 0;
        for (Map.Entry<Labels, List<BacktestResult.Episode>> entry : byLabels.entrySet()) {
            if (rows >= MAX_ROWS) {
                left++;
            } else {
                row(entry.getKey(), entry.getValue());
            }
        }
        if (left > 0) {
            text(28, y + 14, "quiet", "and " + left + " more");
            y += ROW;
        }
    }

    private void row(Labels labels, List<BacktestResult.Episode> episodes) {
        rows++;
        text(28, y + 14, "", cut(labels.without(Alert.ALERT_NAME).toString()));
        body.append(rect("lane", LEFT, y + 2, WIDTH - RIGHT - LEFT, ROW - 4, 2, ""));
        for (BacktestResult.Episode episode : episodes) {
            double x = x(episode.begin().toEpochMilli());
            double width = Math.max(1.5, x(episode.end().toEpochMilli()) - x);
            String state = episode.state() == AlertState.FIRING ? "firing" : "pending";
            String tip = state + " from " + FULL.format(episode.begin()) + " for " + Durations.format(episode.length())
                    + ", highest value " + FloatText.formatF(episode.highest());
            body.append(rect(state, x, y + 3, width, ROW - 6, 1, tip));
        }
        y += ROW;
    }

    private double x(long millis) {
        return LEFT + (double) (WIDTH - RIGHT - LEFT) * (millis - from) / length;
    }

    private static String rect(String type, double x, double top, double width, double height, int radius, String tip) {
        String shape = "<rect class=\"" + type + "\" x=\"" + number(x) + "\" y=\"" + number(top) + "\" width=\""
                + number(width) + "\" height=\"" + number(height) + "\" rx=\"" + radius + "\"";
        return tip.isEmpty() ? shape + "/>\n" : shape + "><title>" + escaped(tip) + "</title></rect>\n";
    }

    private void text(double x, double base, String type, String text) {
        append(body, x, base, type, text);
    }

    private static void append(StringBuilder to, double x, double base, String type, String text) {
        to.append("<text").append(type.isEmpty() ? "" : " class=\"" + type + "\"");
        to.append(" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(base))
                .append("\">");
        to.append(escaped(text)).append("</text>\n");
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LABEL_CHARS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LABEL_CHARS - 1)) + "…";
    }

    private static String number(double value) {
        return FloatText.formatF(Math.round(value * 10) / 10.0);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                // Other control characters may not stand in XML at all.
                default -> escaped.appendCodePoint(isXml(c) ? c : ' ');
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int c) {
        boolean surrogate = c >= 0xd800 && c < 0xe000;
        boolean nothing = c == 0xfffe || c == 0xffff;
        return c >= ' ' && !surrogate && !nothing;
    }
}
