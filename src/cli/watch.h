/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of `rushes watch` share. */
#pragma once

#include "bell.h"
#include "run.h"
#include "watch/arrivals.h"

struct watch {
    const struct args *args;
    char *out_dir; /* absolute */
    struct ledger *ledger;
    struct language language;
    struct pipeline *pipeline;        /* as it was when its file was read last */
    struct file_stamp pipeline_stamp; /* of that file */
    GPtrArray *folders;               /* char *, absolute */
    struct arrivals *arrivals;
    struct bell *bell;
    GHashTable *networks;   /* device → GINT_TO_POINTER(is a network's + 1) */
    GHashTable *said;       /* texts of this look and of the last one: said once while they hold */
    GHashTable *holding;    /* the same, of this look */
    unsigned disk_failures; /* in a row: patience grows with them */
    bool said_unseen;       /* that who writes to others' files can't be seen */
};

/* A line on standard error, once as long as it is told at every look. */
void watch_say(struct watch *watch, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* watch_batch.c: renders these inputs (struct plan_input) in one run, or in several when some
 * can't be planned together, and settles what becomes of each. */
void watch_take(struct watch *watch, GPtrArray *inputs);

/* watch_file.c */
bool file_is_on_network(struct watch *watch, const char *path, uint64_t device);
/* Does anybody on this machine have it open for writing? False when it can't be told: on network
 * file systems, or, which is said once, when the file isn't ours. */
bool file_is_written(struct watch *watch, const char *path);

/* watch_move.c: with --move, a source goes to `done` or `failed` below its watched folder, there
 * where it was below that; never over another file. `reason` NULL: it was delivered; else it goes
 * into a text file beside the failed one. A file that isn't in the state of `input->stamp` any more
 * stays. */
extern const char *const watch_kept_folders[];
void watch_move(struct watch *watch, const struct plan_input *input, const char *reason);
