package io.emberwatch.rules.query;

import com.google.re2j.Pattern;
import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Plans {@code label_replace} and {@code label_join}, which change labels and leave samples alone. */
final class LabelFunctions {
    private LabelFunctions() {}

    static VectorNode replace(Expr.Call call, VectorNode operand) {
        String target = text(call, 1);
        String replacement = text(call, 2);
        String source = text(call, 3);
        String regex = text(call, 4);
        Pattern pattern;
        try {
            pattern = Matcher.anchored(regex);
        } catch (IllegalArgumentException e) {
            return failing("invalid regular expression in label_replace(): " + regex);
        }
        if (!Names.isLabel(target)) {
            return failing("invalid destination label name in label_replace(): " + target);
        }
        return renaming(operand, target, labels -> {
            var found = pattern.matcher(labels.get(source));
            return found.matches() ? labels.with(target, Expansion.expand(replacement, found)) : labels;
        });
    }

    static VectorNode join(Expr.Call call, VectorNode operand) {
        String target = text(call, 1);
        String separator = text(call, 2);
        List<String> sources = new ArrayList<>();
        for (int i = 3; i < call.args().size(); i++) {
            String source = text(call, i);
            if (!Names.isLabel(source)) {
                return failing("invalid source label name in label_join(): " + source);
            }
            sources.add(source);
        }
        if (!Names.isLabel(target)) {
            return failing("invalid destination label name in label_join(): " + target);
        }
        return renaming(operand, target, labels -> {
            List<String> values = new ArrayList<>(sources.size());
            sources.forEach(source -> values.add(labels.get(source)));
            return labels.with(target, String.join(separator, values));
        });
    }

    private static String text(Expr.Call call, int argument) {
        Expr expr = call.args().get(argument);
        while (expr instanceof Expr.Parens parens) {
            expr = parens.expr();
        }
        return ((Expr.StringLiteral) expr).value();
    }

    private static VectorNode failing(String message) {
        return (run, grid) -> {
            throw Run.failed(message);
        };
    }

    private static VectorNode renaming(VectorNode operand, String target, UnaryOperator<Labels> change) {
        Derived<Renaming> renaming = new Derived<>();
        return (run, grid) -> {
            Frame frame = operand.evaluate(run, grid);
            return renaming.get(frame, () -> renamed(frame, target, change)).apply(frame, run);
        };
    }

    @SuppressWarnings("ReferenceEquality") // whether the labels were left alone
    private static Renaming renamed(Frame frame, String target, UnaryOperator<Labels> change) throws QueryException {
        Labels[] labels = new Labels[frame.rows()];
        boolean[] drops = frame.dropsName() == null ? null : frame.dropsName().clone();
        for (int row = 0; row < labels.length; row++) {
            labels[row] = change.apply(frame.labels()[row]);
            if (drops != null && target.equals(Labels.METRIC_NAME) && labels[row] != frame.labels()[row]) {
                drops[row] = false;
            }
        }
        return Renaming.of(labels, drops);
    }
}
