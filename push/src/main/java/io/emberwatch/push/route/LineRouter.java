package io.emberwatch.push.route;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.message.ByteBuilder;
import io.emberwatch.push.message.ByteKeyMap;
import io.emberwatch.push.message.InternalFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sends the lines of a record where the rules say, reading every byte once. Not safe for several threads.
 *
 * <p>What a rule says about a measurement and field is remembered, for up to 65 536 of each.
 */
public final class LineRouter {
    private static final int REMEMBERED = 65_536;

    /** A batch is closed at this size, so that records stay well below what brokers take by default. */
    private static final int BATCH_BYTES = 256 << 10;

    private final RouteRules rules;
    private final KeyPartitions partitions;
    private final Dialect databaseDialect;
    private final @Nullable Batches onoffBatches;
    private final @Nullable Batches aggregatorBatches;
    private final boolean bySeries;
    private final LineScanner line;
    private byte[] seriesKey = new byte[0];
    private boolean seriesKnown;
    private final ByteKeyMap<MeasurementRoutes> measurements = new ByteKeyMap<>(REMEMBERED);
    private final ByteBuilder database = new ByteBuilder(64 << 10);

    private int lines;
    private int values;
    private int unrouted;
    private int dead;
    private int refused;
    private int databaseLines;
    private int onoffFields;
    private int aggregatorFields;

    /**
     * @param settings how to send
     * @param partitions in batched form fields go together whose keys belong to the same partition
     */
    public LineRouter(RouteRules rules, Settings settings, KeyPartitions partitions) {
        this.rules = rules;
        this.partitions = partitions;
        this.databaseDialect = settings.databaseDialect();
        this.onoffBatches = settings.batched() ? new Batches(Destination.ONOFF) : null;
        this.aggregatorBatches = settings.batched() ? new Batches(Destination.AGGREGATOR) : null;
        this.bySeries = settings.partitionBy() == PartitionBy.SERIES;
        this.line = new LineScanner(Dialect.V2, settings.maxLineBytes());
    }

    /** The partition that a key belongs to in the topic of an output, from 0. */
    @FunctionalInterface
    public interface KeyPartitions {
        int of(Destination destination, byte[] key);
    }

    /** What fields go together by. */
    public enum PartitionBy {
        /** Measurement and field, as the O2 Router does: one partition for each pair. */
        FIELD,
        /** Measurement and tags: series are spread over all partitions. */
        SERIES
    }

    /**
     * How to send.
     *
     * @param databaseDialect what the database takes; for {@link Dialect#INFLUXDB_1} unsigned integers that fit become
     *     signed ones, and what it still would not take is refused
     * @param batched whether fields go out many to a record
     * @param partitionBy what fields go together by
     * @param maxLineBytes longer lines are refused
     */
    public record Settings(Dialect databaseDialect, boolean batched, PartitionBy partitionBy, int maxLineBytes) {
        public Settings(Dialect databaseDialect, boolean batched, int maxLineBytes) {
            this(databaseDialect, batched, PartitionBy.FIELD, maxLineBytes);
        }
    }

    /** Routes one record's value; every output has been called on return. */
    public RouteCounts route(byte[] record, RouteOutput output) {
        lines = values = unrouted = dead = refused = databaseLines = onoffFields = aggregatorFields = 0;
        database.clear();
        line.reset(record);
        int wholeFrom = 0; // the record's beginning, up to here, goes to the database as it is
        boolean whole = true;
        while (line.next()) {
            lines++;
            LineFault fault = line.fault();
            boolean toDatabase = false;
            if (fault != null) {
                dead++;
                output.dead(lineBytes(record), fault, line.faultOffset());
            } else {
                values += line.fieldCount();
                toDatabase = routeLine(output);
            }
            boolean contiguous = line.lineStart() == wholeFrom && toDatabase && !rewritten();
            if (whole && !contiguous) {
                whole = false;
                database.append(record, 0, wholeFrom);
            }
            if (whole) {
                wholeFrom = Math.min(record.length, line.lineEnd() + 1);
                whole = line.lineEnd() == record.length || record[line.lineEnd()] == '\n';
                if (!whole) {
                    database.append(record, 0, line.lineEnd()).append('\n');
                }
            } else if (toDatabase) {
                appendLine(record);
            }
        }
        if (whole && wholeFrom < record.length) {
            whole = false;
            database.append(record, 0, wholeFrom);
        }
        if (databaseLines > 0) {
            output.database(whole ? record : database.toByteArray());
        }
        flush(onoffBatches, output);
        flush(aggregatorBatches, output);
        return new RouteCounts(lines, values, unrouted, dead, refused, databaseLines, onoffFields, aggregatorFields);
    }

    private byte[] lineBytes(byte[] record) {
        return Arrays.copyOfRange(record, line.lineStart(), line.lineEnd());
    }

    /** Sends the line's fields; returns whether the line goes to the database. */
    private boolean routeLine(RouteOutput output) {
        byte[] in = line.input();
        MeasurementRoutes routes = routes(in, line.measurementStart(), line.measurementEnd());
        long tags = rules.looksAtTags() ? rules.matchingTags(line) : 0;
        seriesKnown = false;
        boolean toDatabase = false;
        boolean routed = false;
        for (int f = 0; f < line.fieldCount(); f++) {
            FieldRoute route = route(routes, in, f);
            toDatabase |= route.database || (route.databaseTags & tags) != 0;
            if (route.onoff || (route.onoffTags & tags) != 0) {
                send(Destination.ONOFF, onoffBatches, route.key, route.onoffPartition, f, output);
                onoffFields++;
                routed = true;
            }
            if (route.aggregator || (route.aggregatorTags & tags) != 0) {
                send(Destination.AGGREGATOR, aggregatorBatches, route.key, route.aggregatorPartition, f, output);
                aggregatorFields++;
                routed = true;
            }
        }
        if (toDatabase && databaseDialect == Dialect.INFLUXDB_1) {
            LineFault fault = Influx1.check(line);
            if (fault != null) {
                if (routed) {
                    refused++;
                } else {
                    dead++;
                }
                output.dead(Arrays.copyOfRange(in, line.lineStart(), line.lineEnd()), fault, line.lineStart());
                return false;
            }
        }
        if (toDatabase) {
            databaseLines++;
        } else if (!routed) {
            unrouted++;
        }
        return toDatabase;
    }

    private MeasurementRoutes routes(byte[] in, int from, int to) {
        MeasurementRoutes known = measurements.find(in, from, to);
        return known != null
                ? known
                : measurements.add(in, from, to, new MeasurementRoutes(LineDecoder.measurement(in, from, to)));
    }

    private FieldRoute route(MeasurementRoutes routes, byte[] in, int field) {
        int from = line.fieldKeyStart(field);
        int to = line.fieldKeyEnd(field);
        FieldRoute known = routes.fields.find(in, from, to);
        if (known != null) {
            return known;
        }
        String name = LineDecoder.key(in, from, to);
        byte[] key = InternalFormat.key(line, field);
        return routes.fields.add(in, from, to, new FieldRoute(rules, partitions, routes.measurement, name, key));
    }

    private void send(
            Destination destination,
            @Nullable Batches batches,
            byte[] key,
            int partition,
            int field,
            RouteOutput output) {
        if (batches == null) {
            output.field(destination, key, InternalFormat.value(line, field));
        } else if (bySeries) {
            byte[] series = series();
            batches.add(key, series, partitions.of(destination, series), line, field, output);
        } else {
            batches.add(key, key, partition, line, field, output);
        }
    }

    /** Measurement and tags as they are written. */
    private byte[] series() {
        if (!seriesKnown) {
            seriesKey = Arrays.copyOfRange(line.input(), line.measurementStart(), line.seriesEnd());
            seriesKnown = true;
        }
        return seriesKey;
    }

    private static void flush(@Nullable Batches batches, RouteOutput output) {
        if (batches != null) {
            batches.flush(output);
        }
    }

    private boolean rewritten() {
        return databaseDialect == Dialect.INFLUXDB_1 && Influx1.needsRewrite(line);
    }

    private void appendLine(byte[] record) {
        int start = database.length();
        database.append(record, line.lineStart(), line.lineEnd()).append('\n');
        if (databaseDialect == Dialect.INFLUXDB_1) {
            Influx1.rewrite(line, database, start - line.lineStart());
        }
    }

    /** What is known of a measurement. */
    private static final class MeasurementRoutes {
        final String measurement;
        final ByteKeyMap<FieldRoute> fields = new ByteKeyMap<>(REMEMBERED);

        MeasurementRoutes(String measurement) {
            this.measurement = measurement;
        }
    }

    /** What is known of a field of a measurement: where it always goes, and where with which tags. */
    private static final class FieldRoute {
        final byte[] key;
        final boolean database;
        final boolean onoff;
        final boolean aggregator;
        final long databaseTags;
        final long onoffTags;
        final long aggregatorTags;
        final int onoffPartition;
        final int aggregatorPartition;

        FieldRoute(RouteRules rules, KeyPartitions partitions, String measurement, String field, byte[] key) {
            this.key = key;
            database = rules.always(Destination.DATABASE, measurement, field);
            onoff = rules.always(Destination.ONOFF, measurement, field);
            aggregator = rules.always(Destination.AGGREGATOR, measurement, field);
            databaseTags = rules.tagged(Destination.DATABASE, measurement, field);
            onoffTags = rules.tagged(Destination.ONOFF, measurement, field);
            aggregatorTags = rules.tagged(Destination.AGGREGATOR, measurement, field);
            onoffPartition = partitions.of(Destination.ONOFF, key);
            aggregatorPartition = partitions.of(Destination.AGGREGATOR, key);
        }
    }

    /** Fields of one output, gathered by partition. */
    private static final class Batches {
        private final Destination destination;
        private Batch[] byPartition = new Batch[0];

        Batches(Destination destination) {
            this.destination = destination;
        }

        /** @param recordKey what belongs to the partition */
        void add(byte[] key, byte[] recordKey, int partition, LineScanner line, int field, RouteOutput output) {
            while (partition >= byPartition.length) {
                byPartition = Arrays.copyOf(byPartition, byPartition.length + 1);
                byPartition[byPartition.length - 1] = new Batch();
            }
            Batch batch = byPartition[partition];
            if (batch.content.isEmpty()) {
                batch.key = recordKey;
            }
            InternalFormat.appendToBatch(key, line, field, batch.content);
            if (batch.content.length() > BATCH_BYTES) {
                batch.flush(destination, output);
            }
        }

        void flush(RouteOutput output) {
            for (Batch batch : byPartition) {
                batch.flush(destination, output);
            }
        }
    }

    private static final class Batch {
        final ByteBuilder content = new ByteBuilder(16 << 10);
        byte[] key = new byte[0];

        void flush(Destination destination, RouteOutput output) {
            if (!content.isEmpty()) {
                output.fields(destination, key, content.toByteArray());
                content.clear();
            }
        }
    }
}
