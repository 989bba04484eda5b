/* SPDX-License-Identifier: GPL-3.0-or-later
 * SQLite opened, prepared, bound and committed. */
#include "db.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { GATHER_CHANGES = 500, GATHER_US = 1000000, BUSY_MS = 5000 };

static bool db_failed(struct db *db, GError **error, const char *doing)
{
    int code = db->handle ? sqlite3_errcode(db->handle) : SQLITE_NOMEM;
    GFileError kind = code == SQLITE_FULL    ? G_FILE_ERROR_NOSPC
                      : code == SQLITE_PERM  ? G_FILE_ERROR_ACCES
                      : code == SQLITE_BUSY  ? G_FILE_ERROR_AGAIN
                      : code == SQLITE_IOERR ? G_FILE_ERROR_IO
                                             : G_FILE_ERROR_FAILED;
    bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    g_autofree char *name = g_filename_display_name(db->path ? db->path : "in memory");
    g_set_error(error, G_FILE_ERROR, kind, "can't %s the ledger %s: %s%s", doing, name,
                db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code),
                damaged               ? "; move it away, and everything is rendered anew"
                : code == SQLITE_FULL ? "; free some space, then `rushes resume`"
                                      : "");
    return false;
}

static bool db_exec(struct db *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* A journal that a writer would roll back is there only until the file is a WAL one: while it is
 * made. */
static int schema_version(struct db *db)
{
    sqlite3_stmt *statement = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(db->handle, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int(statement, 0);
    else if (sqlite3_extended_errcode(db->handle) == SQLITE_READONLY_ROLLBACK)
        version = 0;
    sqlite3_finalize(statement);
    return version;
}

/* SQLITE_READONLY is what another user's folder gives, SQLITE_CANTOPEN a read-only file system. */
static bool has_no_place(struct db *db)
{
    int code = sqlite3_errcode(db->handle);
    return code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
}

/* A folder that can't be written has no place for WAL's shared memory: then the file is read as
 * it stands. */
static bool open_handle(struct db *db, bool write)
{
    int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const char *name = db->path ? db->path : ":memory:";
    if (sqlite3_open_v2(name, &db->handle, flags, NULL) == SQLITE_OK &&
        (write || schema_version(db) >= 0))
        return true;
    if (write || !has_no_place(db))
        return false;
    sqlite3_close(db->handle);
    db->handle = NULL;
    g_autofree char *uri = g_filename_to_uri(db->path, NULL, NULL);
    g_autofree char *still = g_strconcat(uri ? uri : "file:", "?immutable=1", NULL);
    return sqlite3_open_v2(still, &db->handle, flags | SQLITE_OPEN_URI, NULL) == SQLITE_OK;
}

static bool check_schema(struct db *db, bool write, GError **error)
{
    int version = schema_version(db);
    if (version == LEDGER_SCHEMA_VERSION)
        return true;
    if (version < 0)
        return db_failed(db, error, "read");
    if (version == 0 && write) {
        g_autofree char *create = g_strconcat("BEGIN;", ledger_schema, "COMMIT;", NULL);
        return db_exec(db, create) || db_failed(db, error, "set up");
    }
    if (version == 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "the ledger %s holds no run: the first one ended before it had begun; give its "
                    "command again",
                    db->path);
        return false;
    }
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "the ledger %s has format %d and this rushes reads format %d: use the rushes that "
                "wrote it, or move it away",
                db->path, version, LEDGER_SCHEMA_VERSION);
    return false;
}

bool db_open(struct db *db, const char *path, bool write, GError **error)
{
    *db = (struct db){.path = g_strdup(path), .write = write};
    if (!open_handle(db, write))
        return db_failed(db, error, "open");
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    db_exec(db, "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
                "PRAGMA cache_size = -16000");
    if (write && !db_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"))
        return db_failed(db, error, "open");
    return check_schema(db, write, error);
}

void db_close(struct db *db)
{
    if (db->handle && !sqlite3_get_autocommit(db->handle))
        db_exec(db, "COMMIT");
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->statements[i]);
    sqlite3_close(db->handle);
    g_free(db->path);
}

static sqlite3_stmt *prepared(struct db *db, enum sql sql)
{
    sqlite3_stmt **statement = &db->statements[sql];
    if (!*statement)
        sqlite3_prepare_v3(db->handle, ledger_sql[sql], -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL);
    return *statement;
}

static void bind(sqlite3_stmt *statement, const char *letters, va_list arguments)
{
    for (int i = 1; *letters; i++, letters++) {
        if (*letters == 'i') {
            sqlite3_bind_int64(statement, i, va_arg(arguments, int64_t));
        } else if (*letters == 'd') {
            sqlite3_bind_double(statement, i, va_arg(arguments, double));
        } else if (*letters == 't') {
            sqlite3_bind_text(statement, i, va_arg(arguments, const char *), -1, SQLITE_STATIC);
        } else {
            const void *bytes = va_arg(arguments, const void *);
            sqlite3_bind_blob64(statement, i, bytes, va_arg(arguments, size_t), SQLITE_STATIC);
        }
    }
}

static bool begin(struct db *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        return true;
    db->gathered = 0;
    db->gathering_us = g_get_monotonic_time();
    return db_exec(db, "BEGIN IMMEDIATE");
}

sqlite3_stmt *db_query(struct db *db, enum sql sql, const char *letters, ...)
{
    /* Inside a transaction a look-up takes a fifth of the time. Readers want the latest, though. */
    if (db->write)
        begin(db);
    sqlite3_stmt *statement = prepared(db, sql);
    va_list arguments;
    va_start(arguments, letters);
    if (statement)
        bind(statement, letters, arguments);
    va_end(arguments);
    return statement;
}

bool db_row(sqlite3_stmt *statement)
{
    if (!statement)
        return false;
    if (sqlite3_step(statement) == SQLITE_ROW)
        return true;
    db_done(statement);
    return false;
}

void db_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

const char *db_text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

bool db_run(struct db *db, GError **error, enum sql sql, const char *letters, ...)
{
    sqlite3_stmt *statement = NULL;
    if (!begin(db) || !(statement = prepared(db, sql)))
        return db_failed(db, error, "write");
    va_list arguments;
    va_start(arguments, letters);
    bind(statement, letters, arguments);
    va_end(arguments);
    bool done = sqlite3_step(statement) == SQLITE_DONE || db_failed(db, error, "write");
    db_done(statement);
    db->gathered++;
    if (!done && !sqlite3_get_autocommit(db->handle))
        db_exec(db, "ROLLBACK");
    return done;
}

bool db_begin_durable(struct db *db, GError **error)
{
    if (!db_commit(db, error))
        return false;
    db->durable = true; /* can only be said between transactions */
    return db_exec(db, "PRAGMA synchronous = FULL") || db_failed(db, error, "write");
}

bool db_commit(struct db *db, GError **error)
{
    bool done = sqlite3_get_autocommit(db->handle) || db_exec(db, "COMMIT") ||
                db_failed(db, error, "write");
    if (db->durable && sqlite3_get_autocommit(db->handle)) {
        db->durable = false;
        db_exec(db, "PRAGMA synchronous = NORMAL");
    }
    return done;
}

bool db_commit_due(struct db *db, GError **error)
{
    if (sqlite3_get_autocommit(db->handle) ||
        (db->gathered < GATHER_CHANGES && g_get_monotonic_time() - db->gathering_us < GATHER_US))
        return true;
    return db_commit(db, error);
}
