package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;

/** Where the lines of a page go. */
interface PageSink {
    void type(String family, MetricType type) throws ParseException;

    void help(String family, String help) throws ParseException;

    void unit(String family, String unit) throws ParseException;

    /** A sample; its name and labels are with the scanner until the next series is read. */
    void sample(SeriesScanner series, double value, long timestampMillis) throws ParseException;

    /** The exemplar of the sample before; only its labels are with the scanner. */
    default void exemplar(SeriesScanner labels) throws ParseException {}
}
