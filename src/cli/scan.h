/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders on the command line → files that some job may want. Looks at names and kinds of
 * directory entries only; opens nothing. */
#pragma once

#include "plan/plan.h"

/* What `watch` wants of a scan besides. */
struct scan_eyes {
    void *self;
    /* A folder is looked into. */
    void (*folder)(void *self, const char *path);
    /* A part file of something wanted; `path` is the name it will get. */
    void (*unfinished)(void *self, const char *root, const char *path,
                       const struct file_stamp *stamp);
    /* Something is wrong, once a scan: instead of standard error. */
    void (*say)(void *self, const char *text);
    const char *const *leave; /* folders directly below a root that aren't looked into */
};

/* What a scan tells besides: of what may have held inputs and couldn't be looked at, `unread`
 * (struct plan_input, with their failures): folders that can't be read, or not to their end, links
 * to nothing, and names of which it can't be told what they are; and what it left out in peace,
 * `notes` (char *): another run's outputs, and media files that no job's patterns speak of. Both
 * are said on standard error, too. What all jobs exclude, or no `include` reaches, and the file
 * system's own lost+found are no loss. */
struct scan_aside {
    GPtrArray *unread, *notes;
};
struct scan_aside scan_aside_create(void);
void scan_aside_clear(struct scan_aside *aside); /* accepts an empty one */

/* GPtrArray of struct plan_input without facts, sorted by root (as given), then by path. Files
 * named on the command line are taken whatever their name; in folders those that a job's `include`
 * (or, without one, or without a pipeline, the extension table) wants. Hidden files, part files and
 * `out_dir` are passed over. What is not a regular file but has a wanted name (FIFO, socket,
 * device, a folder called x.mov) comes with its failure. A word that isn't there is reported: NULL.
 * `eyes` and `aside` may be NULL. `only` (char *, absolute paths; or NULL): folders that none of
 * them is in aren't looked into. For a pipeline nothing is taken from an output folder (one with a
 * ledger) that isn't a root itself. */
GPtrArray *scan_inputs(const GPtrArray *words, const struct pipeline *pipeline, const char *out_dir,
                       const GPtrArray *only, const struct scan_eyes *eyes,
                       struct scan_aside *aside);
void plan_input_destroy(struct plan_input *input);
