package io.emberwatch.scorer;

import java.util.List;

/** From a measured value to a score between 0 and 10. */
sealed interface Scale {
    /** The best score. */
    double BEST = 10;

    /** The score without the last digits, in which sums of weights differ from what they should be. */
    static double rounded(double score) {
        return Math.rint(score * 1e9) / 1e9;
    }

    /** The score of a value; infinities are allowed, NaN is not. */
    double score(double value);

    /** Full marks up to the first threshold, then what the last threshold passed says. */
    record Stepped(List<ScoreModel.Step> steps) implements Scale {
        @Override
        public double score(double value) {
            double score = BEST;
            for (ScoreModel.Step step : steps) {
                if (step.isPassedBy(value)) {
                    score = step.score();
                }
            }
            return score;
        }
    }

    /** Straight between knees over the logarithm of the value, level outside them. */
    record Graded(List<ScoreModel.Knee> knees) implements Scale {
        @Override
        public double score(double value) {
            ScoreModel.Knee lower = knees.get(0);
            if (value <= lower.at()) {
                return lower.score();
            }
            for (ScoreModel.Knee upper : knees) {
                if (value <= upper.at()) {
                    double share =
                            (Math.log(value) - Math.log(lower.at())) / (Math.log(upper.at()) - Math.log(lower.at()));
                    return lower.score() + share * (upper.score() - lower.score());
                }
                lower = upper;
            }
            return lower.score();
        }
    }
}
