package io.emberwatch.scorer;

import io.emberwatch.scorer.Score.Component;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Says in words what lowered a member's score. */
final class Reasons {
    private static final double KIBI = 1024;

    private Reasons() {}

    /** One sentence per component below its best, the one that takes most first; then what is not measured. */
    static List<String> of(List<ScoreModel.Indicator> indicators, List<Component> components) {
        record Loss(double points, String sentence) {}
        List<Loss> losses = new ArrayList<>();
        List<String> unmeasured = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            ScoreModel.Indicator indicator = indicators.get(i);
            Component component = components.get(i);
            if (component.score().isEmpty()) {
                if (component.share() > 0) {
                    unmeasured.add(indicator.words());
                }
                continue;
            }
            double missing = Scale.BEST - component.score().getAsDouble();
            if (missing > 0) {
                losses.add(new Loss(
                        missing * Math.max(indicator.severity(), indicator.weight()), sentence(indicator, component)));
            }
        }
        List<String> reasons = new ArrayList<>();
        losses.stream()
                .sorted(Comparator.comparingDouble(Loss::points).reversed())
                .forEach(loss -> reasons.add(loss.sentence()));
        if (!unmeasured.isEmpty()) {
            reasons.add("not measured: " + String.join(", ", unmeasured));
        }
        return reasons;
    }

    private static String sentence(ScoreModel.Indicator indicator, Component component) {
        double value = component.input().orElse(Double.NaN);
        double score = component.score().orElse(Scale.BEST);
        StringBuilder text = new StringBuilder(indicator.words());
        if (component.input().isEmpty()) {
            text.append(" is missing");
        } else if (Double.isNaN(value)) {
            text.append(" is idle");
        } else {
            text.append(" is ").append(value(value, indicator.unit()));
            if (indicator.scale().score(value) == Scale.BEST) {
                text.append(" again");
            } else {
                good(indicator, value, text);
            }
        }
        text.append(String.format(Locale.ROOT, ", %.1f of 10", score));
        if (component.share() > 0) {
            text.append(" (")
                    .append(digits(component.lost() / Scale.BEST))
                    .append(" of ")
                    .append(digits(component.share()))
                    .append(" lost to ")
                    .append(component.name())
                    .append(')');
        }
        return text.toString();
    }

    // What would have been good: the nearest value on the scale that has full marks.
    private static void good(ScoreModel.Indicator indicator, double value, StringBuilder text) {
        if (!indicator.steps().isEmpty()) {
            text.append(", good up to ").append(value(indicator.steps().get(0).threshold(), indicator.unit()));
            return;
        }
        double below = Double.NaN;
        for (ScoreModel.Knee knee : indicator.knees()) {
            if (knee.score() == Scale.BEST && knee.at() < value) {
                below = knee.at();
            } else if (knee.score() == Scale.BEST && Double.isNaN(below)) {
                text.append(", good from ").append(value(knee.at(), indicator.unit()));
                return;
            }
        }
        if (!Double.isNaN(below)) {
            text.append(", good up to ").append(value(below, indicator.unit()));
        }
    }

    /** A value with its unit, scaled for people: 32 ms, 97 % of the quota, 3.1 per minute. */
    static String value(double value, String unit) {
        String rest = unit;
        String shown;
        if (unit.startsWith("seconds")) {
            rest = unit.substring("seconds".length());
            shown = Math.abs(value) < 1 ? digits(value * 1000) + " ms" : digits(value) + " s";
        } else if (unit.startsWith("share")) {
            rest = unit.substring("share".length());
            shown = digits(value * 100) + " %";
        } else if (unit.startsWith("bytes")) {
            rest = unit.substring("bytes".length());
            shown = bytes(value);
        } else {
            return (digits(value) + " " + unit).stripTrailing();
        }
        return shown + rest;
    }

    private static String bytes(double value) {
        String[] units = {" B", " KiB", " MiB", " GiB", " TiB"};
        double scaled = value;
        int unit = 0;
        while (Math.abs(scaled) >= KIBI && unit < units.length - 1) {
            scaled /= KIBI;
            unit++;
        }
        return digits(scaled) + units[unit];
    }

    // Two digits that count, more when they are whole.
    private static String digits(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "endless" : "below all bounds";
        }
        double size = Math.abs(value);
        int decimals = size == 0 || size >= 10 ? 0 : (int) Math.min(9, 1 - Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return decimals == 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
