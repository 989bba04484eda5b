/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is in a folder, without what is ignored: looked at once, before anything is read. */
#pragma once

#include "seal/ignore.h"

#include <stdint.h>

struct seal_node {
    char *name;
    char *path; /* below the root; "" of the root */
    bool is_folder, is_sealed /* has an ascmhl of its own */;
    char *problem; /* it can't be looked at, or is no file or folder; or NULL */
    int64_t size, modified_s;
    GPtrArray *children; /* struct seal_node, by name, byte by byte */
};

/* Links to files are followed, as others do; links to folders are a problem, since what is behind
 * them can be anywhere. Never NULL. */
struct seal_node *tree_look(const char *root, const struct ignore *ignore);
void tree_destroy(struct seal_node *node); /* accepts NULL */
typedef struct seal_node *seal_node_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(seal_node_ptr, tree_destroy, NULL)

/* Of all its files. */
void tree_count(const struct seal_node *node, int *files, int64_t *bytes);
