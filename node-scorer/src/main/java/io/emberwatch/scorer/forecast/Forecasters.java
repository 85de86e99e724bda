package io.emberwatch.scorer.forecast;

import java.util.List;
import java.util.Locale;

/** The forecasters by their names. */
public final class Forecasters {
    private static final int ORDER = 12;

    private Forecasters() {}

    /** What every other one must beat. */
    public static List<Forecaster> naive() {
        return List.of(new Naive(), new SeasonalNaive(1), new SeasonalNaive(7));
    }

    /** Those that take milliseconds to learn. */
    public static List<Forecaster> light() {
        return List.of(new ProfileForecaster(), new HoltWinters(), new Arima(ORDER));
    }

    /**
     * One that is not naive, by its name.
     *
     * @throws IllegalArgumentException when there is none of that name; the message names those there are
     */
    public static Forecaster named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "profile" -> new ProfileForecaster();
            case "holt-winters" -> new HoltWinters();
            case "arima" -> new Arima(ORDER);
            case "lstm" -> new Lstm();
            default ->
                throw new IllegalArgumentException(
                        name + ": there are the forecasters profile, holt-winters, arima and lstm");
        };
    }
}
