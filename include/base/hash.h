/* SPDX-License-Identifier: GPL-3.0-or-later
 * Content and parameter identities: XXH3-128, as 32 hexadecimal digits. Not cryptographic. */
#pragma once

#include <glib.h>

#define HASH_TEXT_SIZE 33

typedef struct hash_state hash_state;
hash_state *hash_create(void);
void hash_update(hash_state *state, const void *data, gsize length);
/* Adds a length-prefixed string, so that ("a","bc") and ("ab","c") differ. NULL is its own
 * value. */
void hash_text(hash_state *state, const char *text);
void hash_finish(hash_state *state, char out[HASH_TEXT_SIZE]); /* may be called again later */
void hash_destroy(hash_state *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hash_state, hash_destroy)

/* Of everything readable from fd (pread from 0), which takes minutes where that is much: `reading`
 * (NULL: nobody) is told how far in the file it is. FALSE on a read error, errno kept. */
gboolean hash_fd(int fd, void (*reading)(void *data, double fraction), void *data,
                 char out[HASH_TEXT_SIZE]);
