package io.emberwatch.exporter.graphite;

import io.emberwatch.model.text.FloatText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads pickles of protocols 0 to 5 that hold nothing but lists, tuples, strings and numbers, which is what Carbon's senders
 * send. Every opcode that could name or build anything else is refused: nothing is ever run.
 *
 * <p>Bounded: no more than {@value #MOST_VALUES} values. A list may hold itself: whoever looks
 * into one looks no deeper than he must.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">pickletools: the opcodes</a>
 */
final class Pickle {
    static final int MOST_VALUES = 1_000_000;

    private static final Object MARK = new Object();
    private static final Object NONE = new Object();

    private final byte[] in;
    private final int to;
    private int at;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int values;

    private Pickle(byte[] in, int from, int to) {
        this.in = in;
        this.at = from;
        this.to = to;
    }

    /**
     * The value of the pickle: a {@link List} of values for lists and tuples, a {@link String}, a {@link Double}; anything
     * else that may stand there is some other object.
     */
    static Object read(byte[] in, int from, int to) throws PickleException {
        return new Pickle(in, from, to).value();
    }

    private Object value() throws PickleException {
        while (at < to) {
            int opcode = in[at++] & 0xff;
            if (opcode == '.') {
                return pop();
            }
            step(opcode);
        }
        throw new PickleException("it does not end");
    }

    private void step(int opcode) throws PickleException {
        switch (opcode) {
            case 0x80 -> take(1); // PROTO
            case 0x95 -> take(8); // FRAME
            case '(' -> push(MARK);
            case ']', ')', 'l', 't', 'e', 'a', 0x85, 0x86, 0x87 -> collection(opcode);
            case 'F', 'I', 'L', 'G', 'J', 'K', 'M', 0x8a, 'N', 0x88, 0x89 -> number(opcode);
            case 'S', 'V', 'U', 'T', 'X', 0x8c, 0x8d, 'C', 'B' -> text(opcode);
            case 'p', 'q', 'r', 0x94, 'g', 'h', 'j' -> memory(opcode);
            default -> throw new PickleException("opcode 0x" + Integer.toHexString(opcode) + " is not taken");
        }
    }

    private void collection(int opcode) throws PickleException {
        switch (opcode) {
            case ']', ')' -> push(new ArrayList<>());
            case 'l', 't' -> push(new ArrayList<>(toMark()));
            case 'e' -> {
                List<Object> items = toMark();
                list().addAll(items);
            }
            case 'a' -> {
                Object item = pop();
                list().add(item);
            }
            default -> {
                List<Object> items = new ArrayList<>();
                for (int i = 0; i < opcode - 0x84; i++) {
                    items.add(0, pop());
                }
                push(items);
            }
        }
    }

    @SuppressWarnings("unchecked") // lists are only ever made here, of objects
    private List<Object> list() throws PickleException {
        if (!stack.isEmpty() && stack.get(stack.size() - 1) instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new PickleException("something is added to what is no list");
    }

    private void number(int opcode) throws PickleException {
        switch (opcode) {
            case 'F' -> push(decimal(line()));
            case 'I' -> {
                String text = line();
                push(text.equals("01") ? Double.valueOf(1) : text.equals("00") ? Double.valueOf(0) : decimal(text));
            }
            case 'L' -> {
                String text = line();
                push(decimal(text.endsWith("L") ? text.substring(0, text.length() - 1) : text));
            }
            case 'G' -> push(ByteBuffer.wrap(in, take(8), 8).getDouble());
            case 'J' -> push((double) little(take(4), 4).getInt());
            case 'K' -> push((double) (in[take(1)] & 0xff));
            case 'M' -> push((double) (little(take(2), 2).getShort() & 0xffff));
            case 0x8a -> push(longNumber());
            case 'N' -> push(NONE);
            default -> push(opcode == 0x88 ? 1.0 : 0.0);
        }
    }

    private double longNumber() throws PickleException {
        int length = in[take(1)] & 0xff;
        int from = take(length);
        if (length > Long.BYTES) {
            throw new PickleException("an integer is larger than 64 bits");
        }
        long value = length > 0 && in[from + length - 1] < 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (in[from + i] & 0xff);
        }
        return value;
    }

    private static double decimal(String text) throws PickleException {
        try {
            if (text.length() <= 400) {
                return FloatText.parse(text.trim());
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new PickleException("a number is none");
    }

    private void text(int opcode) throws PickleException {
        switch (opcode) {
            case 'S' -> {
                String quoted = line();
                int length = quoted.length();
                if (length < 2
                        || quoted.charAt(0) != quoted.charAt(length - 1)
                        || "'\"".indexOf(quoted.charAt(0)) < 0) {
                    throw new PickleException("a string is not quoted");
                }
                push(quoted.substring(1, length - 1));
            }
            case 'V' -> push(line());
            case 'U', 0x8c, 'C' -> push(string(in[take(1)] & 0xff));
            case 0x8d -> {
                long length = little(take(8), 8).getLong();
                push(string(length < 0 || length > to ? -1 : (int) length));
            }
            default -> push(string(little(take(4), 4).getInt()));
        }
    }

    private String string(int length) throws PickleException {
        return new String(in, take(length), length, StandardCharsets.UTF_8);
    }

    private void memory(int opcode) throws PickleException {
        switch (opcode) {
            case 'p' -> remember(index(line()));
            case 'q' -> remember(in[take(1)] & 0xff);
            case 'r' -> remember(little(take(4), 4).getInt());
            case 0x94 -> remember(memo.size());
            case 'g' -> recall(index(line()));
            case 'h' -> recall(in[take(1)] & 0xff);
            default -> recall(little(take(4), 4).getInt());
        }
    }

    private static int index(String text) throws PickleException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new PickleException("a place in memory is none");
        }
    }

    private void remember(int index) throws PickleException {
        if (stack.isEmpty()) {
            throw new PickleException("there is nothing to remember");
        }
        count();
        memo.put(index, stack.get(stack.size() - 1));
    }

    private void recall(int index) throws PickleException {
        Object value = memo.get(index);
        if (value == null) {
            throw new PickleException("nothing was remembered there");
        }
        push(value);
    }

    private int take(int count) throws PickleException {
        if (count < 0 || count > to - at) {
            throw new PickleException("it ends too soon");
        }
        int from = at;
        at += count;
        return from;
    }

    private ByteBuffer little(int from, int length) {
        return ByteBuffer.wrap(in, from, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String line() throws PickleException {
        int from = at;
        while (at < to && in[at] != '\n') {
            at++;
        }
        if (at == to) {
            throw new PickleException("it ends too soon");
        }
        return new String(in, from, at++ - from, StandardCharsets.UTF_8);
    }

    private void push(Object value) throws PickleException {
        count();
        stack.add(Objects.requireNonNull(value));
    }

    private void count() throws PickleException {
        if (++values > MOST_VALUES) {
            throw new PickleException("it holds more than " + MOST_VALUES + " values");
        }
    }

    private Object pop() throws PickleException {
        if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
            throw new PickleException("something is missing");
        }
        return stack.remove(stack.size() - 1);
    }

    private List<Object> toMark() throws PickleException {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw new PickleException("a mark is missing");
        }
        List<Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return items;
    }
}
