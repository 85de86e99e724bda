package io.emberwatch.bridge.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The file: an SQLite database in WAL mode with {@code synchronous=FULL}, so that a commit that has returned survives a
 * crash of the process and of the machine.
 *
 * @see <a href="https://www.sqlite.org/pragma.html#pragma_synchronous">PRAGMA synchronous</a>
 */
final class Database {
    static final int PAGE_BYTES = 4096;
    private static final int VERSION = 2;
    private static final int BUSY_MILLIS = 2000;
    private static final long WAL_BYTES = 64L << 20;
    private static final int CACHE_KIB = 8192;
    // 16 MiB: the pages that every commit changes are copied into the file once in hundreds of commits.
    private static final int CHECKPOINT_PAGES = 4096;

    // Raw requests stay as they came; everything else can be told from them and the trail.
    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE lane (
              id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, receiver TEXT NOT NULL,
              group_key TEXT NOT NULL, group_labels TEXT NOT NULL, incident TEXT NOT NULL, opened INTEGER NOT NULL,
              closed INTEGER, seq INTEGER NOT NULL, canon TEXT NOT NULL, accepted INTEGER NOT NULL,
              repeats INTEGER NOT NULL, channels TEXT NOT NULL, inbox INTEGER NOT NULL)""",
            "CREATE UNIQUE INDEX lane_key ON lane (receiver, group_key)",
            "CREATE INDEX lane_labels ON lane (receiver, group_labels)",
            """
            CREATE TABLE inbox (
              id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, source TEXT NOT NULL,
              format TEXT NOT NULL, verdict TEXT NOT NULL, receiver TEXT NOT NULL, lane INTEGER NOT NULL,
              incident TEXT NOT NULL, seq INTEGER NOT NULL, repeats INTEGER NOT NULL, headline TEXT NOT NULL,
              detail TEXT NOT NULL, raw BLOB NOT NULL)""",
            """
            CREATE TABLE delivery (
              id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, lane INTEGER NOT NULL,
              inbox INTEGER NOT NULL, replay INTEGER NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL,
              unsure INTEGER NOT NULL, due INTEGER NOT NULL, created INTEGER NOT NULL, done INTEGER, batch INTEGER,
              progress TEXT, code TEXT NOT NULL)""",
            "CREATE INDEX delivery_pending ON delivery (channel, lane, id) WHERE done IS NULL",
            "CREATE INDEX delivery_batch ON delivery (batch) WHERE batch IS NOT NULL",
            "CREATE INDEX delivery_inbox ON delivery (inbox)",
            """
            CREATE TABLE thread (
              channel TEXT NOT NULL, incident TEXT NOT NULL, reference TEXT NOT NULL,
              PRIMARY KEY (incident, channel)) WITHOUT ROWID""",
            """
            CREATE TABLE dead_letter (
              id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, delivery INTEGER NOT NULL,
              inbox INTEGER NOT NULL, channel TEXT NOT NULL, target TEXT NOT NULL, code TEXT NOT NULL,
              reason TEXT NOT NULL, replayed INTEGER)""",
            "CREATE INDEX dead_letter_inbox ON dead_letter (inbox)",
            "CREATE INDEX dead_letter_delivery ON dead_letter (delivery)",
            """
            CREATE TABLE trail (
              id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, inbox INTEGER NOT NULL,
              channel TEXT NOT NULL, event TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL)""",
            "CREATE INDEX trail_inbox ON trail (inbox)",
            "CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)");

    private static final List<String> SINCE_VERSION_2 = List.of(
            "ALTER TABLE lane ADD COLUMN flaps INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE lane ADD COLUMN changed INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE lane ADD COLUMN severity TEXT NOT NULL DEFAULT 'warning'",
            "ALTER TABLE lane ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0",
            "CREATE INDEX lane_incident ON lane (incident)",
            "CREATE INDEX inbox_incident ON inbox (incident)",
            """
            CREATE TABLE handling (
              incident TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL, who TEXT NOT NULL,
              at INTEGER NOT NULL, silence TEXT NOT NULL, source TEXT NOT NULL, until INTEGER NOT NULL,
              reminded INTEGER NOT NULL) WITHOUT ROWID""",
            "CREATE TABLE used_token (token TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE audit (
              id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, via TEXT NOT NULL,
              action TEXT NOT NULL, incident TEXT NOT NULL, result TEXT NOT NULL, detail TEXT NOT NULL)""",
            """
            CREATE TABLE digested (
              incident TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (incident, channel)) WITHOUT ROWID""",
            """
            CREATE TABLE topic_offset (
              topic TEXT NOT NULL, part INTEGER NOT NULL, next INTEGER NOT NULL, newest INTEGER NOT NULL,
              PRIMARY KEY (topic, part)) WITHOUT ROWID""",
            "CREATE TABLE mark (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID");

    // What says something about the file or the disk, not about the statement.
    private static final Set<SQLiteErrorCode> ENVIRONMENT = Set.of(
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_LOCKED,
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_CORRUPT,
            SQLiteErrorCode.SQLITE_NOTADB,
            SQLiteErrorCode.SQLITE_PERM,
            SQLiteErrorCode.SQLITE_NOMEM);

    private final Path file;
    private final long maxPages;

    /** @param maxBytes where SQLite itself refuses to grow */
    Database(Path file, long maxBytes) {
        this.file = file;
        this.maxPages = Math.max(1, maxBytes / PAGE_BYTES);
    }

    Path file() {
        return file;
    }

    /** A connection that may write, its schema in place. */
    Sql openWriter() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setPageSize(PAGE_BYTES);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit((int) WAL_BYTES);
        // Otherwise every insert is followed by a query that nobody reads.
        config.setGetGeneratedKeys(false);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            Sql sql = new Sql(connection);
            sql.execute("PRAGMA max_page_count = " + maxPages);
            sql.execute("PRAGMA cache_size = -" + CACHE_KIB);
            sql.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            migrate(sql);
            return sql;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection that reads beside the writer. */
    Sql openReader() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            Sql sql = new Sql(connection);
            sql.execute("PRAGMA query_only = ON");
            return sql;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void migrate(Sql sql) throws SQLException {
        long version = sql.number("PRAGMA user_version");
        if (version > VERSION) {
            throw new SQLException("the outbox was written by a newer version (schema " + version + ", known up to "
                    + VERSION + "); use that version or another folder");
        }
        if (version == VERSION) {
            return;
        }
        sql.begin();
        if (version == 0) {
            for (String statement : SCHEMA) {
                sql.execute(statement);
            }
        }
        for (String statement : SINCE_VERSION_2) {
            sql.execute(statement);
        }
        sql.execute("PRAGMA user_version = " + VERSION);
        sql.commit();
    }

    static boolean isEnvironment(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return true; // a closed or broken connection
        }
        int primary = sqlite.getResultCode().code & 0xff;
        return ENVIRONMENT.stream().anyMatch(code -> code.code == primary);
    }

    /** What to tell people about a failure. */
    static String explain(SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            int primary = sqlite.getResultCode().code & 0xff;
            if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
                return "the disk or the outbox is full";
            } else if (primary == SQLiteErrorCode.SQLITE_BUSY.code) {
                return "another program holds the outbox locked";
            } else if (primary == SQLiteErrorCode.SQLITE_READONLY.code) {
                return "the outbox is read-only";
            }
        }
        return String.valueOf(e.getMessage());
    }
}
