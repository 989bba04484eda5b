/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checksums as others print and read them (md5sum, sha1sum, xxhsum, ASC MHL), any number of them in
 * one reading. Hexadecimal, the most significant byte first; C4 (SMPTE ST 2114) is SHA-512 as "c4"
 * and 88 digits to the base of 58. The seeds of xxHash are 0. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* In the order in which an ASC MHL names them. */
enum digest_format {
    DIGEST_C4,
    DIGEST_MD5,
    DIGEST_SHA1,
    DIGEST_XXH128,
    DIGEST_XXH3,
    DIGEST_XXH64,
    DIGEST_COUNT
};
#define DIGEST_BIT(format) (1u << (format))

enum { DIGEST_TEXT_SIZE = 91 };

extern const char *const digest_names[DIGEST_COUNT + 1]; /* NULL-terminated */
int digest_named(const char *name);                      /* -1: none is called so */
/* Whether a text can be a checksum of that format. */
bool digest_is_text(enum digest_format format, const char *text);
/* Whether two texts are the same checksum: hexadecimal digits in capitals or not. */
bool digest_equal(enum digest_format format, const char *one, const char *other);
/* The one of a mask of DIGEST_BIT that is read the quickest; -1 of an empty one. */
int digest_quickest(unsigned formats);

/* By format; those that weren't asked for are "". */
struct digest_texts {
    char of[DIGEST_COUNT][DIGEST_TEXT_SIZE];
};

struct digest_state;
struct digest_state *digest_begin(unsigned formats); /* a mask of DIGEST_BIT */
void digest_update(struct digest_state *state, const void *data, gsize length);
/* The bytes that a checksum of digest_is_text() stands for. */
void digest_update_text(struct digest_state *state, enum digest_format format, const char *text);
void digest_end(struct digest_state *state, struct digest_texts *out); /* frees it */

/* Hears of each piece that was read; false ends the reading. */
struct digest_ear {
    bool (*read)(void *self, int64_t bytes);
    void *self;
};

/* Of everything readable from fd, read once from its start. False on a read error, errno kept, and
 * with ECANCELED when the ear (may be NULL) said so. */
bool digest_fd(int fd, unsigned formats, const struct digest_ear *ear, struct digest_texts *out);
/* The same of the file at a path (file_open_input), with words; G_IO_ERROR_CANCELLED when the ear
 * said so. */
bool digest_file(const char *path, unsigned formats, const struct digest_ear *ear,
                 struct digest_texts *out, GError **error);
