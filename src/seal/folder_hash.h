/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder's two hashes of each format, made of its children's. */
#pragma once

#include "seal/manifest.h"

struct folder_hash {
    unsigned formats;
    bool whole;                                                 /* all its children could be read */
    GPtrArray *content[DIGEST_COUNT], *structure[DIGEST_COUNT]; /* char * */
};

void folder_hash_begin(struct folder_hash *hash, unsigned formats);
void folder_hash_clear(struct folder_hash *hash);
void folder_hash_add_file(struct folder_hash *hash, const char *name,
                          const struct digest_texts *texts);
/* `of`: struct seal_hash of a folder in it. */
void folder_hash_add_folder(struct folder_hash *hash, const char *name, const GArray *of);
/* Appends to an array of struct seal_hash; nothing when it isn't whole. */
void folder_hash_end(const struct folder_hash *hash, GArray *out);
/* Of two arrays of struct seal_hash, `was` may be NULL: "content", "structure"; NULL: neither is
 * another, or nothing can be compared. */
const char *folder_hashes_differ(const GArray *was, const GArray *is);
