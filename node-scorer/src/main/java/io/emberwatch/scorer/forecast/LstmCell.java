package io.emberwatch.scorer.forecast;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The weights of a recurrent layer with a linear layer on its last state and last input, and how they learn. */
final class LstmCell {
    /** Numbers in an input of one step. */
    static final int INPUTS = 6;

    private static final int GATES = 4;
    private static final int FORGET = 1;
    private static final double DECAY_1 = 0.9;
    private static final double DECAY_2 = 0.999;
    private static final double STEEPEST = 1;

    private final int hidden;
    private final int outputs;
    private final int width;
    private final int readWidth;

    /** One after the other: for each gate and unit the weights of input, state and 1; then the linear layer's. */
    private final double[] weights;

    private final double[] gradients;
    private final double[] means;
    private final double[] squares;
    private final int readFrom;
    private double decayed1 = 1;
    private double decayed2 = 1;

    LstmCell(int hidden, int outputs, SplittableRandom random) {
        this.hidden = hidden;
        this.outputs = outputs;
        width = INPUTS + hidden + 1;
        readWidth = hidden + INPUTS + 1;
        readFrom = GATES * hidden * width;
        weights = new double[readFrom + outputs * readWidth];
        gradients = new double[weights.length];
        means = new double[weights.length];
        squares = new double[weights.length];
        double scale = 1 / Math.sqrt(width);
        for (int i = 0; i < readFrom; i++) {
            weights[i] = scale * (2 * random.nextDouble() - 1);
        }
        // Open at first, or nothing is remembered long enough to learn that it should be.
        for (int unit = 0; unit < hidden; unit++) {
            weights[row(FORGET, unit) + width - 1] = 1;
        }
    }

    private int row(int gate, int unit) {
        return (gate * hidden + unit) * width;
    }

    /** All that one pass over a window went through. */
    private final class Pass {
        private final double[][] gates;
        private final double[][] cells;
        private final double[][] states;
        private final double[][] inputs;

        Pass(double[][] inputs) {
            this.inputs = inputs;
            gates = new double[inputs.length][GATES * hidden];
            cells = new double[inputs.length + 1][hidden];
            states = new double[inputs.length + 1][hidden];
            for (int step = 0; step < inputs.length; step++) {
                forward(step);
            }
        }

        private void forward(int step) {
            double[] gate = gates[step];
            for (int unit = 0; unit < hidden; unit++) {
                for (int kind = 0; kind < GATES; kind++) {
                    int row = row(kind, unit);
                    double sum = weights[row + width - 1];
                    for (int i = 0; i < INPUTS; i++) {
                        sum += weights[row + i] * inputs[step][i];
                    }
                    for (int i = 0; i < hidden; i++) {
                        sum += weights[row + INPUTS + i] * states[step][i];
                    }
                    gate[kind * hidden + unit] =
                            kind == GATES - 1 ? StrictMath.tanh(sum) : 1 / (1 + StrictMath.exp(-sum));
                }
                cells[step + 1][unit] = gate[FORGET * hidden + unit] * cells[step][unit]
                        + gate[unit] * gate[(GATES - 1) * hidden + unit];
                states[step + 1][unit] = gate[2 * hidden + unit] * StrictMath.tanh(cells[step + 1][unit]);
            }
        }

        /** What the linear layer reads: the last state, the last input, 1. */
        double[] read() {
            double[] read = new double[readWidth];
            System.arraycopy(states[inputs.length], 0, read, 0, hidden);
            System.arraycopy(inputs[inputs.length - 1], 0, read, hidden, INPUTS);
            read[readWidth - 1] = 1;
            return read;
        }

        void backward(double[] stateGradient) {
            double[] ofState = stateGradient;
            double[] ofCell = new double[hidden];
            for (int step = inputs.length - 1; step >= 0; step--) {
                double[] gate = gates[step];
                double[] before = new double[hidden];
                for (int unit = 0; unit < hidden; unit++) {
                    double in = gate[unit];
                    double forget = gate[FORGET * hidden + unit];
                    double out = gate[2 * hidden + unit];
                    double fresh = gate[(GATES - 1) * hidden + unit];
                    double tanh = StrictMath.tanh(cells[step + 1][unit]);
                    double cell = ofCell[unit] + ofState[unit] * out * (1 - tanh * tanh);
                    double[] sums = {
                        cell * fresh * in * (1 - in),
                        cell * cells[step][unit] * forget * (1 - forget),
                        ofState[unit] * tanh * out * (1 - out),
                        cell * in * (1 - fresh * fresh)
                    };
                    ofCell[unit] = cell * forget;
                    for (int kind = 0; kind < GATES; kind++) {
                        accumulate(row(kind, unit), sums[kind], step, before);
                    }
                }
                ofState = before;
            }
        }

        private void accumulate(int row, double sum, int step, double[] before) {
            for (int i = 0; i < INPUTS; i++) {
                gradients[row + i] += sum * inputs[step][i];
            }
            for (int i = 0; i < hidden; i++) {
                gradients[row + INPUTS + i] += sum * states[step][i];
                before[i] += sum * weights[row + INPUTS + i];
            }
            gradients[row + width - 1] += sum;
        }
    }

    /** What the network says after a window. Reads only; several threads may. */
    double[] tell(double[][] inputs) {
        return told(new Pass(inputs).read());
    }

    private double[] told(double[] read) {
        double[] told = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            int row = readFrom + output * readWidth;
            for (int i = 0; i < readWidth; i++) {
                told[output] += weights[row + i] * read[i];
            }
        }
        return told;
    }

    /**
     * Learns that after a window these are right, by one step of Adam.
     *
     * @param huber errors beyond this count in proportion, not squared
     * @return the mean loss before the step
     */
    double learn(double[][] inputs, double[] targets, double rate, double huber) {
        Arrays.fill(gradients, 0);
        Pass pass = new Pass(inputs);
        double[] read = pass.read();
        double[] told = told(read);
        double[] ofState = new double[hidden];
        double loss = 0;
        for (int output = 0; output < outputs; output++) {
            double error = told[output] - targets[output];
            double cut = Math.max(-huber, Math.min(huber, error));
            loss += (Math.abs(error) - Math.abs(cut) / 2) * Math.abs(cut) / outputs;
            double slope = cut / outputs;
            int row = readFrom + output * readWidth;
            for (int i = 0; i < readWidth; i++) {
                gradients[row + i] += slope * read[i];
                if (i < hidden) {
                    ofState[i] += slope * weights[row + i];
                }
            }
        }
        pass.backward(ofState);
        step(rate);
        return loss;
    }

    /** The gradient of the loss that {@link #learn} last went by, for checks against differences. */
    double[] gradients() {
        return gradients.clone();
    }

    double[] weights() {
        return weights;
    }

    private void step(double rate) {
        double length = 0;
        for (double gradient : gradients) {
            length += gradient * gradient;
        }
        double shrink = Math.min(1, STEEPEST / Math.max(1e-12, Math.sqrt(length)));
        decayed1 *= DECAY_1;
        decayed2 *= DECAY_2;
        for (int i = 0; i < weights.length; i++) {
            double gradient = gradients[i] * shrink;
            means[i] = DECAY_1 * means[i] + (1 - DECAY_1) * gradient;
            squares[i] = DECAY_2 * squares[i] + (1 - DECAY_2) * gradient * gradient;
            weights[i] -= rate * (means[i] / (1 - decayed1)) / (Math.sqrt(squares[i] / (1 - decayed2)) + 1e-8);
        }
    }
}
