/* SPDX-License-Identifier: GPL-3.0-or-later
 * One generation of a seal: an ASC MHL manifest (ASC MHL specification 1.0, section 6, schema
 * urn:ASC:MHL:v2.0), read and written. What is read comes from anywhere: no document type, no
 * entities but XML's five, bounded depth, and no path that leaves the folder. */
#pragma once

#include "base/digest.h"

enum seal_action { SEAL_ORIGINAL, SEAL_VERIFIED, SEAL_FAILED };

struct seal_hash {
    enum digest_format format;
    enum seal_action action; /* of files */
    char text[DIGEST_TEXT_SIZE];
    char structure[DIGEST_TEXT_SIZE]; /* of folders, of names and content; else "" */
};

struct seal_record {
    char *path; /* below the sealed folder */
    bool is_folder;
    int64_t size, modified_s; /* -1: not told; since the epoch */
    char *previous;           /* the path it had before, or NULL */
    GArray *hashes;           /* struct seal_hash, in the order of their formats */
    char *foreign;            /* a format it is recorded in that isn't known here, or NULL */
};

/* Another history below this one: the path of its newest manifest and the c4 of that. */
struct seal_reference {
    char *path;
    char c4[DIGEST_TEXT_SIZE];
};

struct manifest {
    int64_t created_s;     /* since the epoch */
    char *created;         /* as it is written in one that was read, or NULL */
    GArray *root;          /* struct seal_hash of the whole folder; empty: none */
    GPtrArray *ignored;    /* char *: patterns, see seal/ignore.h */
    GPtrArray *records;    /* struct seal_record */
    GPtrArray *references; /* struct seal_reference */
};

struct manifest *manifest_create(int64_t created_s);
void manifest_destroy(struct manifest *manifest); /* accepts NULL */
typedef struct manifest *manifest_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(manifest_ptr, manifest_destroy, NULL)

/* Takes the path. */
struct seal_record *manifest_add(struct manifest *manifest, char *path, bool is_folder);
void manifest_add_reference(struct manifest *manifest, const char *path, const char *c4);
/* Whether a path can stand in a manifest, read or written: below the folder, in UTF-8 that XML 1.0
 * can carry, without control characters and parts that are ".", shorter than PATH_MAX. */
bool manifest_can_name(const char *path);
/* Whether a pattern can: the same of its characters and its length. */
bool manifest_can_ignore(const char *pattern);

char *manifest_to_text(const struct manifest *manifest);
/* NULL and *error (G_MARKUP_ERROR) when it isn't one. */
struct manifest *manifest_from_text(const char *text, gsize length, GError **error);
