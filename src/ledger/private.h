/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the ledger's files share. */
#pragma once

#include "db.h"
#include "ledger/ledger.h"

struct ledger {
    struct db db;
    enum ledger_mode mode;
    char *out_dir;
    char *folder;         /* out_dir/.rushes */
    int lock;             /* -1: not the writer */
    struct file_stamp at; /* LEDGER_WRITE: of ledger.sqlite as it was opened; its inode counts */
    int64_t run;          /* runs.seq of the run under way, 0 none */
    GHashTable *off_spec; /* paths of this run whose verification failed a check */
    GHashTable *partial;  /* likewise that were made without what couldn't be read */
    GPtrArray *forgotten; /* char *: ids of runs that the begin of this one dropped */
    GHashTable *hashes;   /* path → what verification read of it in this run */
};

/* What the next run makes again: it is published, and its row is `in_spec` 0. */
void ledger_note_partial(struct ledger *ledger, const struct plan_output *output,
                         const struct output_result *made);

/* recover.c: settles what killed runs left behind. */
bool ledger_recover(struct ledger *ledger, GError **error);
/* Removes a part file; whatever the ledger says, nothing that isn't one. */
void remove_part(const struct ledger *ledger, const char *path, const char *part);
/* Where a part file is; NULL for a name that none of ours has. Caller frees. */
char *part_of_row(const struct ledger *ledger, const char *path, const char *part);

/* finished.c: what was rendered and isn't published. */
bool finished_put(struct ledger *ledger, const struct plan *plan, const struct plan_task *render,
                  const struct result *result, GError **error);
/* Forgets those whose part file isn't there any more as it was: it is removed. */
bool finished_check(struct ledger *ledger, GError **error);
/* The same for those that a new run doesn't take over. */
bool finished_keep_only(struct ledger *ledger, const struct plan *plan, GError **error);

/* The identity columns of `outputs` and `publishing`, for db_run. */
#define IDENTITY_LETTERS "ttttiiiiiiitt"
#define IDENTITY_ARGUMENTS(path, input_hash, parameters, software, stamp, in_spec, run, hash,    \
                           source)                                                               \
    path, input_hash, parameters, software, (stamp)->size, (stamp)->mtime_ns, (stamp)->ctime_ns, \
        (int64_t)(stamp)->inode, (int64_t)(stamp)->device, (int64_t)(in_spec), (int64_t)(run),   \
        hash, source

/* Five columns of a row, from `first`. */
struct file_stamp stamp_from_row(sqlite3_stmt *row, int first);

/* JSON of one line; caller frees. */
char *facts_text(const struct facts *facts);
