package io.emberwatch.rules.query;

/** A second of the proleptic Gregorian calendar in UTC, for any second that a float can name. */
record Calendar(long year, int month, int day, int dayOfYear, int weekday, int hour, int minute) {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final double TWO_TO_63 = 0x1p63;
    private static final long FIRST_SECOND = -9_223_372_028_715_321_600L;
    private static final int DAYS_PER_ERA = 146_097;
    private static final int[] DAYS_BEFORE = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_IN = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    /**
     * The calendar at seconds since the Unix epoch, fractions cut off.
     *
     * <p>As in Go on most processors, seconds that no 64-bit integer holds, and NaN, are those of the smallest one; and as
     * in Go's package time, the few seconds before the year -292277022399 are counted on from the end of time instead.
     *
     * <p>Days are counted in eras of 400 years that start on the first of March, after Howard Hinnant's "chrono-compatible
     * low-level date algorithms".
     */
    static Calendar of(double seconds) {
        boolean fits = seconds >= -TWO_TO_63 && seconds < TWO_TO_63;
        long whole = fits ? (long) seconds : Long.MIN_VALUE;
        boolean wraps = whole < FIRST_SECOND;
        long days = wraps ? Long.divideUnsigned(whole, SECONDS_PER_DAY) : Math.floorDiv(whole, SECONDS_PER_DAY);
        int second =
                wraps ? (int) Long.remainderUnsigned(whole, SECONDS_PER_DAY) : Math.floorMod(whole, SECONDS_PER_DAY);
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = Math.floorMod(shifted, DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfMarchYear + 2) / 153;
        int day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        int dayOfYear = DAYS_BEFORE[month - 1] + day + (month > 2 && isLeap(year) ? 1 : 0);
        int weekday = (int) Math.floorMod(days + 4, 7L);
        return new Calendar(year, month, day, dayOfYear, weekday, second / 3600, second / 60 % 60);
    }

    int daysInMonth() {
        return DAYS_IN[month - 1] + (month == 2 && isLeap(year) ? 1 : 0);
    }

    private static boolean isLeap(long year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}
