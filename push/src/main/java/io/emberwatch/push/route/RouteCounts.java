package io.emberwatch.push.route;

/**
 * What became of the lines of one record: {@code lines = routed + unrouted + dead}.
 *
 * @param lines points found, faulty ones included
 * @param values fields of lines without fault
 * @param unrouted lines that no filter let pass
 * @param dead lines that went nowhere but to the dead letters
 * @param refused lines that went to OnOff or the Aggregator, but to the dead letters instead of the database, whose
 *     version cannot take them
 * @param databaseLines lines sent to the database
 * @param onoffFields fields sent to OnOff
 * @param aggregatorFields fields sent to the Aggregator
 */
public record RouteCounts(
        int lines,
        int values,
        int unrouted,
        int dead,
        int refused,
        int databaseLines,
        int onoffFields,
        int aggregatorFields) {}
