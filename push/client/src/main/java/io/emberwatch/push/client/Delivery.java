package io.emberwatch.push.client;

/**
 * What became of the lines that were meant for a backend, since it was opened.
 *
 * @param backend its address, without secrets
 * @param sent lines that it took
 * @param dropped lines for which there was no room, or which no datagram could carry
 * @param refused lines that the other side will never take
 * @param failures attempts that failed; their lines may have been sent since
 */
public record Delivery(String backend, long sent, long dropped, long refused, long failures) {}
