/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbered pictures on the disk, read as one film. "renders/shot.####.exr" is the path of all that
 * are called so: one run of # directly before the extension stands for the number, with at least
 * so many digits (0001, 10000).
 *
 * A worker opens nothing by name that it wasn't given, so it is given a list: a sealed file in
 * memory, which no file on a disk can pass for. Those pictures, and nothing beside them, it may
 * open then. */
#pragma once

#include "base/file.h"
#include "base/hash.h"
#include "base/rational.h"

enum { SEQUENCE_PICTURES_MAX = 10000000 };

/* How a path is read; fps 0: it is a file. */
struct sequence_rule {
    struct rational fps;
    bool hold;      /* the picture before a missing one is shown for it; else that is an error */
    double still_s; /* > 0: the path is of one still, which is shown so long */
};
static inline bool sequence_rule_is_set(const struct sequence_rule *rule)
{
    return rule->fps.num > 0;
}
bool sequence_rule_equal(const struct sequence_rule *one, const struct sequence_rule *other);

/* The digits that a path's last run of # stands for; 0: it isn't of numbered pictures. A run is two
 * to nine, directly before the extension. */
unsigned sequence_width(const char *path);
/* "a/shot.0017.exr" and 4: "a/shot.####.exr". NULL: it has no such number. Caller frees. */
char *sequence_path(const char *file, unsigned width);
/* The name before the number, without the dot or line that parts them: "shot". A view into it. */
size_t sequence_stem_length(const char *name);

struct sequence {
    struct sequence_rule rule;
    unsigned width;
    int64_t first;    /* number of the first picture */
    char *folder;     /* absolute */
    GPtrArray *names; /* char *: file names in their order; NULL: missing, the one before is held */
    int64_t count;    /* of the film's pictures: of names, or times that a still is shown */
    GPtrArray *absent; /* char *: numbers of those, "0017" */
};
/* What is on the disk under the path of a sequence. NULL and *error (G_FILE_ERROR) in words: none
 * are there, one is missing, more are missing than there are, or one is a folder, a pipe or the
 * like, or a link to it. */
struct sequence *sequence_find(const char *path, const struct sequence_rule *rule, GError **error);
void sequence_free(struct sequence *sequence); /* accepts NULL */
typedef struct sequence *sequence_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(sequence_ptr, sequence_free, NULL)
char *sequence_file(const struct sequence *sequence, unsigned picture); /* its path; caller frees */
/* "0017, 0018 and 3 more"; NULL: none is missing. Caller frees. */
char *sequence_absent_text(const struct sequence *sequence);

/* Of all its files, and of the rule: size is theirs together, times are the latest, `inode` is a
 * hash of the names and stamps. False when one of them can't be looked at. */
bool sequence_stamp(const struct sequence *sequence, struct file_stamp *out);
/* file_stamp_of() of a file or, with a rule, of a sequence. */
bool sequence_stamp_of(const char *path, const struct sequence_rule *rule, struct file_stamp *out);

/* The list, for reading, O_CLOEXEC; -1 and *error (G_FILE_ERROR). */
int sequence_list(const struct sequence *sequence, GError **error);
bool sequence_is_list(int fd);
struct sequence *sequence_from_list(int fd); /* NULL: it isn't one */
/* Of the contents of what is listed, of the rule and of the first number as it is written, not of
 * the names. False and *error (G_FILE_ERROR), which names the picture that can't be read. */
bool sequence_hash(int fd, char out[HASH_TEXT_SIZE], GError **error);
