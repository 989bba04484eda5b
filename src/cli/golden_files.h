/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goldens in a folder: DIR/<path of the output>.golden, and beside each a strip of pictures,
 * .golden.png. What `bless` writes and `check --against` reads. */
#pragma once

#include "look.h"
#include "model/golden.h"

/* Paths of the outputs that a folder has goldens of, sorted: char *. Empty where there are none. */
GPtrArray *golden_outputs(const char *folder);
char *golden_path(const char *folder, const char *output); /* caller frees */
struct golden *golden_read(const char *path, GError **error);
/* Its text and its strip (NULL: none). */
bool golden_write(const struct golden *golden, const char *strip, const char *path, GError **error);

/* What a file was seen to be. */
struct seen {
    struct golden *golden; /* NULL: failure says why */
    char *strip;           /* a PNG in the look's scratch folder; NULL none */
    struct failure failure;
    double seconds;
};
/* Of each of the look's inputs, in their order; `stamp` is this program's. *code is EXIT_DONE,
 * or that of what went wrong, which has been said. */
GPtrArray *golden_see(const struct look *look, const char *stamp, int *code);

/* "frame 12 at 01:00:00:12", "frame 12 at 0.480 s"; `facts` (struct facts) are of the file. */
char *golden_where(const void *facts, int64_t frame, double time_s);
