/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spec: what finished files must be, in a file of its own, for `rushes check --spec`.
 *
 *     rushes: 1
 *     name: House delivery
 *     expect: {decode_errors: 0}              # of every file
 *     files:                                  # and of those that a pattern takes, besides
 *       "*.mp4": {codec: h264, width: 1920}
 *       "*.wav": {loudness: -23 LUFS ±0.5} */
#pragma once

#include "base/diag.h"
#include "base/node.h"
#include "lang/pipeline.h"

struct spec_part {
    char *pattern;           /* a glob of the path below the folder given, or, without a "/", of
                                the file's name; NULL: every file */
    GPtrArray *expectations; /* struct expectation */
};
struct spec {
    char *name;       /* as it says, or its file's */
    GPtrArray *parts; /* struct spec_part */
};

/* Whether the tree of a file is a spec and not a pipeline: expectations, and nothing to be made. */
bool spec_is(const struct node *tree);
/* The file that `name` means: a path, or one that is shipped or shared, NAME.yaml in the folder
 * `specs` of where presets are. Caller frees; a path that isn't there stays one. */
char *spec_find(const struct pipeline_options *options, const char *name);
/* NULL after reporting. All errors are collected. */
struct spec *spec_load(const char *path, struct diag *diag);
void spec_destroy(struct spec *spec);
typedef struct spec *spec_ptr; /* for `g_auto(spec_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(spec_ptr, spec_destroy, NULL)
bool spec_part_takes(const struct spec_part *part, const char *relative);
