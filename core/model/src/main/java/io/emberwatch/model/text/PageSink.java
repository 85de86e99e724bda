package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;

/** Where the lines of a page go; a sample's name and labels are with the scanner until its next line. */
interface PageSink {
    void type(String family, MetricType type);

    void help(String family, String help);

    void unit(String family, String unit);

    void sample(PageScanner series, double value, long timestampMillis) throws ParseException;
}
