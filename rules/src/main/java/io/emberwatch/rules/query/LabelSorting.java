package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Utf8Order;
import io.emberwatch.model.flow.QueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Plans {@code sort_by_label} and {@code sort_by_label_desc}, which order the result of an instant query by the values of
 * labels, numbers in them by their size; series with the same values by all their labels.
 */
final class LabelSorting implements VectorNode {
    private static final String DIGITS = "0123456789";

    private final Expr.Call call;
    private final VectorNode operand;
    private final Comparator<Labels> order;

    LabelSorting(Expr.Call call, List<String> names, VectorNode operand) {
        this.call = call;
        this.operand = operand;
        boolean descending = call.function().name().endsWith("_desc");
        Comparator<Labels> ascending = (a, b) -> compare(a, b, names);
        this.order = descending ? ascending.reversed() : ascending;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        Frame frame = operand.evaluate(run, grid);
        if (grid.steps() > 1) {
            run.annotations().sortInRangeQuery(call.span());
            return frame;
        }
        Integer[] rows = new Integer[frame.rows()];
        Arrays.setAll(rows, i -> i);
        Arrays.sort(rows, (a, b) -> order.compare(frame.labels()[a], frame.labels()[b]));
        return frame.ordered(rows);
    }

    private static int compare(Labels a, Labels b, List<String> names) {
        for (String name : names) {
            String x = a.get(name);
            String y = b.get(name);
            if (!x.equals(y)) {
                return natural(x, y);
            }
        }
        return a.compareTo(b);
    }

    /** Compares texts piece by piece, a piece of digits being a number. */
    static int natural(String a, String b) {
        List<String> left = pieces(a);
        List<String> right = pieces(b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            String x = left.get(i);
            String y = right.get(i);
            boolean numbers = isNumber(x) && isNumber(y);
            int order = numbers ? compareNumbers(x, y) : Utf8Order.compareUtf8(x, y);
            if (order != 0) {
                return order;
            }
        }
        return left.size() == right.size() ? Utf8Order.compareUtf8(a, b) : Integer.compare(left.size(), right.size());
    }

    private static boolean isNumber(String piece) {
        return DIGITS.indexOf(piece.charAt(0)) >= 0;
    }

    private static int compareNumbers(String a, String b) {
        String x = a.replaceFirst("^0+", "");
        String y = b.replaceFirst("^0+", "");
        return x.length() == y.length() ? x.compareTo(y) : Integer.compare(x.length(), y.length());
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            boolean ends = i == text.length()
                    || DIGITS.indexOf(text.charAt(i)) >= 0 != DIGITS.indexOf(text.charAt(i - 1)) >= 0;
            if (ends) {
                pieces.add(text.substring(start, i));
                start = i;
            }
        }
        return pieces;
    }
}
