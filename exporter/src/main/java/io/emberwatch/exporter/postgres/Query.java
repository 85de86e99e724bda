package io.emberwatch.exporter.postgres;

import io.emberwatch.exporter.postgres.QueryConfig.Column;
import io.emberwatch.exporter.postgres.QueryConfig.Usage;
import io.emberwatch.exporter.status.Families;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.FloatText;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One query: asks it and makes metrics of its rows. A column that is null makes no sample. */
final class Query {
    private static final Pattern DURATION = Pattern.compile("(-?\\d{1,15})(ms|s|min|h|d|us)?");
    private static final Map<String, Double> MILLIS =
            Map.of("us", 1e-3, "ms", 1.0, "s", 1e3, "min", 60e3, "h", 3600e3, "d", 86400e3);
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double NANOS = 1e9;

    private final String prefix;
    private final QueryConfig config;
    private final ServerVersion.@Nullable Range versions;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private List<MetricFamily> cached = List.of();
    private long cachedAt;

    Query(String prefix, QueryConfig config) {
        this.prefix = prefix;
        this.config = config;
        versions = config.runonserver() == null ? null : ServerVersion.Range.parse(config.runonserver());
        config.metrics().forEach(columns::putAll);
    }

    boolean isFor(ServerVersion version) {
        return versions == null || versions.contains(version);
    }

    void read(Statement statement, Families families) throws SQLException {
        if (config.cacheSeconds() == 0) {
            ask(statement, families);
            return;
        }
        long now = System.nanoTime();
        if (cached.isEmpty() || now - cachedAt > config.cacheSeconds() * NANOS) {
            Families fresh = new Families();
            ask(statement, fresh);
            cached = fresh.list();
            cachedAt = now;
        }
        families.addAll(cached);
    }

    private void ask(Statement statement, Families families) throws SQLException {
        try (ResultSet rows = statement.executeQuery(config.query())) {
            while (rows.next()) {
                row(rows, families);
            }
        }
    }

    private void row(ResultSet rows, Families families) throws SQLException {
        Labels.Builder labels = Labels.builder();
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            if (column.getValue().usage() == Usage.LABEL) {
                String value = rows.getString(column.getKey());
                labels.set(MetricNames.sanitize(column.getKey()), value == null ? "" : value);
            }
        }
        Labels own = labels.build();
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            sample(rows, column.getKey(), column.getValue(), own, families);
        }
    }

    private void sample(ResultSet rows, String name, Column column, Labels labels, Families families)
            throws SQLException {
        switch (column.usage()) {
            case COUNTER -> add(families, MetricType.COUNTER, name, column, number(rows, name), labels);
            case GAUGE -> add(families, MetricType.GAUGE, name, column, number(rows, name), labels);
            case MAPPEDMETRIC -> {
                String text = rows.getString(name);
                Double value = text == null ? null : column.metricMapping().get(text);
                add(families, MetricType.GAUGE, name, column, value, labels);
            }
            case DURATION ->
                add(
                        families,
                        MetricType.GAUGE,
                        name + "_milliseconds",
                        column,
                        milliseconds(rows.getString(name)),
                        labels);
            case HISTOGRAM -> histogram(rows, name, column, labels, families);
            default -> {
                // Labels are read before, and what is discarded is not read.
            }
        }
    }

    private void add(
            Families families, MetricType type, String column, Column about, @Nullable Double value, Labels labels) {
        if (value != null) {
            String name = MetricNames.sanitize(prefix + "_" + column);
            String help = about.description();
            families.add(type, name, help, value, labels);
        }
    }

    private void histogram(ResultSet rows, String name, Column column, Labels labels, Families families)
            throws SQLException {
        Array bounds = rows.getArray(name);
        Array counts = rows.getArray(name + "_bucket");
        Double sum = number(rows, name + "_sum");
        Double count = number(rows, name + "_count");
        if (bounds == null || counts == null || sum == null || count == null) {
            return;
        }
        Object[] upper = (Object[]) bounds.getArray();
        Object[] cumulative = (Object[]) counts.getArray();
        if (upper.length != cumulative.length) {
            throw new SQLException(
                    name + " has " + upper.length + " bounds and " + cumulative.length + " counts", "22000");
        }
        String family = MetricNames.sanitize(prefix + "_" + name);
        Families made = new Families();
        for (int i = 0; i < upper.length; i++) {
            String bound = FloatText.formatG(Double.parseDouble(String.valueOf(upper[i])));
            made.add(
                    MetricType.HISTOGRAM,
                    family + "_bucket",
                    "",
                    Double.parseDouble(String.valueOf(cumulative[i])),
                    labels.with("le", bound));
        }
        made.add(MetricType.HISTOGRAM, family + "_bucket", "", count, labels.with("le", "+Inf"));
        made.add(MetricType.HISTOGRAM, family + "_sum", "", sum, labels);
        made.add(MetricType.HISTOGRAM, family + "_count", "", count, labels);
        families.addAll(List.of(MetricFamily.of(
                family,
                MetricType.HISTOGRAM,
                column.description(),
                made.list().stream().flatMap(part -> part.points().stream()).toList())));
    }

    private static @Nullable Double number(ResultSet rows, String column) throws SQLException {
        Object value = rows.getObject(column);
        if (value == null) {
            return null;
        } else if (value instanceof Number number) {
            return number.doubleValue();
        } else if (value instanceof Boolean truth) {
            return truth ? 1.0 : 0.0;
        } else if (value instanceof Timestamp time) {
            return time.getTime() / MILLIS_PER_SECOND;
        }
        try {
            return Double.valueOf(value.toString());
        } catch (NumberFormatException e) {
            throw new SQLException(column + " is not a number: " + value, "22000", e);
        }
    }

    private static @Nullable Double milliseconds(@Nullable String text) throws SQLException {
        if (text == null || text.equals("-1")) {
            return text == null ? null : Double.NaN;
        }
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new SQLException(text + " is not a duration", "22000");
        }
        String unit = duration.group(2) == null ? "ms" : duration.group(2);
        return Double.parseDouble(duration.group(1)) * MILLIS.getOrDefault(unit, 1.0);
    }
}
