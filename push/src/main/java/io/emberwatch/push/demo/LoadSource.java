package io.emberwatch.push.demo;

import java.nio.charset.StandardCharsets;

/**
 * One simulated source: gives the same hundred lines of four measurements again and again, each time with the next
 * sequence number and a later time, written over the digits of the last.
 */
public final class LoadSource {
    /** Lines of a record. */
    public static final int LINES = 100;

    private static final int SEQUENCE_DIGITS = 9;
    private static final int TIME_DIGITS = 19;
    private static final long LINE_NANOS = 1_000_000;

    private final byte[] key;
    private final byte[] record;
    private final int[] sequenceAt = new int[LINES];
    private final int[] timeAt = new int[LINES];
    private long sequence;

    /** @param number names the source; from 0 */
    public LoadSource(int number) {
        String host = String.format("flp%04d", number);
        key = host.getBytes(StandardCharsets.US_ASCII);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append(line(i, host));
            sequenceAt[i] = text.length();
            text.append("000000000i ");
            timeAt[i] = text.length();
            text.append("0000000000000000000\n");
        }
        record = text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String line(int number, String host) {
        int unit = number % 10;
        return switch (number % 4) {
            case 0 -> "cpu,host=" + host + ",cpu=cpu" + unit + ",role=flp user=12.5,system=3.25,seq=";
            case 1 -> "net,host=" + host + ",interface=eth" + unit + " rx=918273645i,tx=546372819i,seq=";
            case 2 -> "readout,host=" + host + ",link=" + unit + ",detector=TPC seq=";
            default -> "dcs_state,host=" + host + ",channel=" + unit + " state=\"READY\",on=t,seq=";
        };
    }

    /** The key of its records. */
    public byte[] key() {
        return key;
    }

    /** The next record; the array is the same every time. */
    public byte[] next(long epochNanos) {
        for (int i = 0; i < LINES; i++) {
            write(sequence++, sequenceAt[i], SEQUENCE_DIGITS);
            write(epochNanos + i * LINE_NANOS / LINES, timeAt[i], TIME_DIGITS);
        }
        return record;
    }

    private void write(long value, int at, int digits) {
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            record[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
