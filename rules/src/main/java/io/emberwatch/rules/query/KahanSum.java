package io.emberwatch.rules.query;

/** A sum that carries what rounding lost along, with Neumaier's improvement of Kahan's algorithm. */
final class KahanSum {
    private double sum;
    private double lost;

    void reset() {
        sum = 0;
        lost = 0;
    }

    void reset(double start, double startLost) {
        sum = start;
        lost = startLost;
    }

    void add(double value) {
        double total = sum + value;
        lost = lost(sum, value, total, lost);
        sum = total;
    }

    /** The new loss when {@code value} is added to {@code sum} giving {@code total}. */
    static double lost(double sum, double value, double total, double lost) {
        if (Double.isInfinite(total)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value) ? lost + ((sum - total) + value) : lost + ((value - total) + sum);
    }

    /** The sum as it was rounded. */
    double rounded() {
        return sum;
    }

    double lost() {
        return lost;
    }

    double total() {
        return sum + lost;
    }
}
