package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.lineprotocol.InfluxMetrics.ListenerCounts;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;

/** Line protocol from one socket. */
final class LineReceiver implements Receiver {
    private final LineReader reader;
    private final LineForwarder forwarder;
    private final ListenerCounts counts;
    private final InfluxMetrics metrics;
    private final boolean datagrams;
    private final boolean udp;

    LineReceiver(
            LineReader reader,
            LineForwarder forwarder,
            ListenerCounts counts,
            InfluxMetrics metrics,
            boolean datagrams,
            boolean udp) {
        this.reader = reader;
        this.forwarder = forwarder;
        this.counts = counts;
        this.metrics = metrics;
        this.datagrams = datagrams;
        this.udp = udp;
    }

    @Override
    public void take(byte[] in, int from, int to) {
        if (datagrams) {
            long before = reader.faults();
            reader.takeText(in, from, to, 1);
            if (udp && reader.faults() > before) {
                metrics.udpErrors().inc();
            }
        } else {
            reader.takeLines(in, from, to);
        }
        forwarder.flush();
    }

    @Override
    public void lost(Loss loss) {
        counts.lost(loss);
    }
}
