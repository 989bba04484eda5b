/* SPDX-License-Identifier: GPL-3.0-or-later
 * What names say: which files are parts of one take, and which are copies under way. Purely
 * lexical. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The same text for all files of one spanned clip, or of one camera card; its own path for a file
 * that stands alone. The first `root` bytes are the watched folder's, which is no card. Caller
 * frees. */
char *span_group(const char *path, gsize root);

/* The name that a part file of a copying program will get (".clip.mov.x3Yz9Q" of rsync,
 * "clip.mov.part"), or NULL when `name` isn't one. A name, not a path. Caller frees. */
char *unfinished_name(const char *name);

/* The table of spanned clips, for the manual. */
struct span_rule {
    const char *name;    /* of the camera */
    const char *pattern; /* of a file name; what its groups match is the same for all parts */
    const char *example;
};
extern const struct span_rule span_rules[];
extern const unsigned span_rule_count;
