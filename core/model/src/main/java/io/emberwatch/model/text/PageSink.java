package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;

/** Where the lines of a page go; the scanner stands at the end of what is passed on. */
interface PageSink {
    void type(String family, MetricType type, PageScanner scanner) throws ParseException;

    void help(String family, String help, PageScanner scanner) throws ParseException;

    void unit(String family, String unit, PageScanner scanner) throws ParseException;

    /** A sample; its name and labels are with the scanner until the next line. */
    void sample(PageScanner scanner, double value, long timestampMillis) throws ParseException;

    /** The exemplar of the sample before; its labels are with the scanner until the next line. */
    default void exemplar(PageScanner scanner) throws ParseException {}
}
