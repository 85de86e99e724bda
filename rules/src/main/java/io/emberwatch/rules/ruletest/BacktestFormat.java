package io.emberwatch.rules.ruletest;

/** How the result of a {@link Backtest} is written. */
public enum BacktestFormat {
    TABLE,
    JSON,
    SVG;

    /** The result as text. */
    public String write(BacktestResult result) {
        return switch (this) {
            case TABLE -> BacktestTable.write(result);
            case JSON -> BacktestJson.write(result);
            case SVG -> new BacktestSvg(result).write();
        };
    }
}
