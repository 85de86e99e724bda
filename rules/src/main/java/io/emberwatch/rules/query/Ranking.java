package io.emberwatch.rules.query;

/** The best rows of a group, found with a heap whose root is the worst of them. */
final class Ranking {
    private final int[] rows;
    private final double[] values;
    private final Aggregator order;
    private int limit;
    private int size;

    /** @param order TOPK, BOTTOMK, or LIMITK, for which what comes first is best */
    Ranking(int capacity, Aggregator order) {
        this.rows = new int[capacity];
        this.values = new double[capacity];
        this.order = order;
    }

    void start(int newLimit) {
        limit = newLimit;
        size = 0;
    }

    int size() {
        return size;
    }

    int row(int rank) {
        return rows[rank];
    }

    /** Takes a row if it is among the best; rows must be offered in their order. */
    void offer(int row, double value) {
        if (size < limit) {
            rows[size] = row;
            values[size] = value;
            up(size++);
        } else if (limit > 0 && isWorse(rows[0], values[0], row, value)) {
            rows[0] = row;
            values[0] = value;
            down(0, size);
        }
    }

    /** Puts the rows in order, best first. */
    void sort() {
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            down(0, end);
        }
    }

    private boolean isWorse(int row, double value, int otherRow, double other) {
        if (order == Aggregator.LIMITK) {
            return row > otherRow;
        }
        boolean nan = Double.isNaN(value);
        boolean otherNan = Double.isNaN(other);
        if (nan || otherNan) {
            return nan == otherNan ? row > otherRow : nan;
        }
        if (value == other) {
            return row > otherRow;
        }
        return order == Aggregator.TOPK ? value < other : value > other;
    }

    private boolean isWorse(int i, int j) {
        return isWorse(rows[i], values[i], rows[j], values[j]);
    }

    private void up(int start) {
        int i = start;
        while (i > 0 && isWorse(i, (i - 1) / 2)) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private void down(int start, int end) {
        int i = start;
        while (true) {
            int worst = 2 * i + 1;
            if (worst >= end) {
                return;
            }
            if (worst + 1 < end && isWorse(worst + 1, worst)) {
                worst++;
            }
            if (!isWorse(worst, i)) {
                return;
            }
            swap(i, worst);
            i = worst;
        }
    }

    private void swap(int i, int j) {
        int row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
