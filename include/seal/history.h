/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a folder's seal says: its ascmhl/ (ASC MHL specification 1.0, sections 5.3 and 7), a chain
 * of manifests of which each is checked against the checksum that the chain has of it. */
#pragma once

#include "seal/manifest.h"

#define SEAL_FOLDER "ascmhl"

#define SEAL_ERROR seal_error_quark()
enum seal_error { SEAL_ERROR_BROKEN /* a manifest or the chain isn't what it was */ };
GQuark seal_error_quark(void);

/* What is known of a file: by format the first hash that wasn't of a failed verification, and the
 * generation (from 0) that has it. */
struct seal_known {
    unsigned formats; /* a mask of DIGEST_BIT */
    struct digest_texts texts;
    guint generation[DIGEST_COUNT];
    char foreign[DIGEST_TEXT_SIZE]; /* of a file that has none: the name of one that isn't known
                                       here; "" there is none */
};

/* Of the manifests only the newest is kept. Files and references are told by the name they have
 * now: what a generation renames is renamed at once, so that two files can have swapped names. */
struct history {
    char *folder;            /* the sealed one */
    GPtrArray *names;        /* char *: of the manifests, in order */
    GPtrArray *checksums;    /* char *: their c4 */
    GPtrArray *created;      /* char *: when each was made, as it says; of those that were read */
    GPtrArray *ignored;      /* char *: the patterns of the newest that has any; NULL: none has */
    struct manifest *newest; /* NULL: there is none */
    GHashTable *folders; /* path of a folder in it → its GArray of struct seal_hash, borrowed */
    GHashTable *known;   /* path below the folder → struct seal_known, of files */
    GHashTable *references; /* folder below → struct seal_reference, the newest of it */
    gsize renaming;         /* bytes of paths looked at for being renamed: bounded */
};

/* Of a folder without one it is empty. The ear (may be NULL) hears of each manifest. NULL and
 * *error: SEAL_ERROR when it isn't what it was, or larger than any seal is; what couldn't be read;
 * G_IO_ERROR_CANCELLED when the ear said so. */
struct history *history_open(const char *folder, const struct digest_ear *ear, GError **error);
/* A chain, or manifests that have lost theirs: history_open() says so of these. */
bool history_is_there(const char *folder);
void history_destroy(struct history *history); /* accepts NULL */
typedef struct history *history_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(history_ptr, history_destroy, NULL)

/* NULL: it has nothing of the file that can be compared. */
const struct seal_known *history_find(const struct history *history, const char *path);
/* The format in which alone it has the file, and which isn't known here; NULL: it hasn't. */
const char *history_foreign(const struct history *history, const char *path);
/* struct seal_hash of a folder below, "" the sealed one, as the newest manifest has them; NULL: it
 * has none. */
const GArray *history_folder(const struct history *history, const char *path);
/* "ascmhl/0001_A002_2026-01-16_091500Z.mhl of 2026-01-16T09:15:00Z", for messages. Caller frees. */
char *history_place(const struct history *history, guint generation);
/* char *: patterns of the newest generation that has any, those of every history, and `more` (NULL-
 * terminated, or NULL) that aren't among them. Caller unrefs. */
GPtrArray *history_ignored(const struct history *history, const char *const *more);

/* Writes the next generation, named for the moment the work began, then the chain, as it is by
 * then: nobody else writes meanwhile (flock of the folder, where its file system has that), and no
 * manifest is written over. What the history knows stays what was read. Frees the manifest. */
bool history_append(struct history *history, struct manifest *manifest, GError **error);
