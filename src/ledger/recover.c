/* SPDX-License-Identifier: GPL-3.0-or-later
 * What opening does after a run was killed. The order makes it repeatable: files first, then one
 * transaction that forgets what was settled. */
#include "private.h"

#include "base/bundle.h"

#include <glib/gstdio.h>
#include <string.h>

/* A part file is a hidden name of ours beside its output, below the folder: whatever the ledger
 * says, nothing else is ever removed. */
char *part_of_row(const struct ledger *ledger, const char *path, const char *part)
{
    if (!path || !part || !path_is_inside(path) || strchr(part, '/') ||
        !g_str_has_prefix(part, ".rushes-") || !g_str_has_suffix(part, ".part"))
        return NULL;
    g_autofree char *below = g_path_get_dirname(path);
    return g_build_filename(ledger->out_dir, below, part, NULL);
}

void remove_part(const struct ledger *ledger, const char *path, const char *part)
{
    g_autofree char *full = part_of_row(ledger, path, part);
    if (full)
        part_remove(full);
}

static void remove_parts(struct ledger *ledger)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_KILLED_PARTS, "");
    while (db_row(row))
        remove_part(ledger, db_text(row, 0), db_text(row, 1));
}

/* Renaming keeps the file and its time of modification, and touches its ctime. */
static bool same_file(const struct file_stamp *part, const struct file_stamp *final)
{
    return file_stamp_is_of(part, final) && part->size == final->size &&
           part->mtime_ns == final->mtime_ns;
}

static bool settle(struct ledger *ledger, sqlite3_stmt *row, GError **error)
{
    const char *path = db_text(row, 0);
    g_autofree char *final = g_build_filename(ledger->out_dir, path, NULL);
    struct file_stamp part = stamp_from_row(row, 4), stamp;
    int64_t run = sqlite3_column_int64(row, 10);
    if (!file_stamp_of(final, &stamp) || !same_file(&part, &stamp))
        return true;
    int in_spec = sqlite3_column_int(row, 9);
    enum output_status status = in_spec ? OUTPUT_DONE : OUTPUT_OUT_OF_SPEC;
    return db_run(&ledger->db, error, SQL_PUBLISHED, IDENTITY_LETTERS,
                  IDENTITY_ARGUMENTS(path, db_text(row, 1), db_text(row, 2), db_text(row, 3),
                                     &stamp, in_spec, run, db_text(row, 11), db_text(row, 12))) &&
           db_run(&ledger->db, error, SQL_OUTPUT_RECOVERED, "tiit", output_status_name(status),
                  stamp.ctime_ns / 1000, run, path);
}

static bool settle_publications(struct ledger *ledger, GError **error)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_PUBLISHING_LIST, "");
    while (db_row(row))
        if (!settle(ledger, row, error)) {
            db_done(row);
            return false;
        }
    return true;
}

bool ledger_settle(struct ledger *ledger, GError **error)
{
    return settle_publications(ledger, error) &&
           db_run(&ledger->db, error, SQL_PUBLISHING_DROP_ALL, "") && db_commit(&ledger->db, error);
}

bool ledger_recover(struct ledger *ledger, GError **error)
{
    if (!finished_check(ledger, error))
        return false;
    remove_parts(ledger);
    return ledger_settle(ledger, error) && db_run(&ledger->db, error, SQL_KILLED_MARK, "") &&
           db_commit(&ledger->db, error);
}
