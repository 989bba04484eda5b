/* SPDX-License-Identifier: GPL-3.0-or-later
 * SQLite with the ledger's habits: statements by number, prepared once; writes gathered in one
 * open transaction until they are due. Any failure is one sentence that names the file. */
#pragma once

#include "schema.h"

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

struct db {
    sqlite3 *handle;
    char *path; /* NULL: in memory */
    bool write;
    sqlite3_stmt *statements[SQL_COUNT];
    unsigned gathered;    /* statements in the open transaction */
    int64_t gathering_us; /* since when, monotonic */
    bool durable;         /* the open transaction is one that waits for the disk */
};

/* `path` NULL: in memory. Read-only never makes or changes a file. Makes or checks the schema. */
bool db_open(struct db *db, const char *path, bool write, GError **error);
void db_close(struct db *db); /* commits what was gathered; accepts a db that never opened */

/* Arguments by letter: i int64_t, t const char * (NULL is NULL), d double (NAN is NULL),
 * b const void *, size_t. db_query leaves the statement ready for db_row; NULL when it can't be
 * made (a damaged file), which readers treat as no rows. A query is done when db_row returned
 * false or db_done was called; text of a row is valid until then. */
sqlite3_stmt *db_query(struct db *db, enum sql sql, const char *letters, ...);
bool db_row(sqlite3_stmt *statement);
void db_done(sqlite3_stmt *statement);
const char *db_text(sqlite3_stmt *statement, int column); /* NULL for NULL */

/* Adds a change to the open transaction; when it fails, all that was gathered is undone. */
bool db_run(struct db *db, GError **error, enum sql sql, const char *letters, ...);
bool db_commit(struct db *db, GError **error);
/* Commits what was gathered and starts a transaction whose commit waits until the disk has it. */
bool db_begin_durable(struct db *db, GError **error);
/* Commits when 500 changes or a second have been gathered. */
bool db_commit_due(struct db *db, GError **error);
