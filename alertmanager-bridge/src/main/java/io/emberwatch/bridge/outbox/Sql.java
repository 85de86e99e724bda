package io.emberwatch.bridge.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection with its prepared statements. For one thread at a time. */
final class Sql implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<String, String> inserts = new HashMap<>();
    // The newest number of each table that this transaction gave one of.
    private final Map<String, Long> numbers = new HashMap<>();

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Turns a row into a value. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Begins a transaction with the right to write. The driver is told, which otherwise tries after every statement
     * whether it began one by itself.
     */
    void begin() throws SQLException {
        numbers.clear();
        connection.setAutoCommit(false);
    }

    /** Ends the transaction; on return what it wrote is on disk. */
    void commit() throws SQLException {
        connection.setAutoCommit(true);
    }

    /** Undoes the transaction. */
    void rollback() throws SQLException {
        connection.rollback(); // which begins another
        connection.setAutoCommit(true);
    }

    /** Runs a statement that takes no parameters and is not prepared, such as a PRAGMA. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows were changed. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        return prepared(sql, values).executeUpdate();
    }

    /**
     * The number for the next row of a table that numbers its rows, to be written with it: rows can name each other before
     * they are there, and no insert has to answer with its number, which costs as much again. No number is given twice,
     * also when its row is gone. Within a transaction every new row of the table has to take its number from here.
     */
    long next(String table) throws SQLException {
        Long newest = numbers.get(table);
        long next = 1 + (newest == null ? number("SELECT seq FROM sqlite_sequence WHERE name = ?", table) : newest);
        numbers.put(table, next);
        return next;
    }

    /** Inserts one row into a table that has an {@code id}; the answer is that. */
    long insert(String sql, @Nullable Object... values) throws SQLException {
        return number(inserts.computeIfAbsent(sql, insert -> insert + " RETURNING id"), values);
    }

    <T> List<T> list(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = prepared(sql, values).executeQuery()) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    <T> @Nullable T first(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
        try (ResultSet result = prepared(sql, values).executeQuery()) {
            return result.next() ? reader.read(result) : null;
        }
    }

    long number(String sql, @Nullable Object... values) throws SQLException {
        Long number = first(sql, row -> row.getLong(1), values);
        return number == null ? 0 : number;
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
