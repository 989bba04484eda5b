/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sealing a folder: every file is read once, held against what the seal says of it, and recorded in
 * a new generation. Folders get hashes of their content and of their structure, made of their
 * children's (specification, appendix G, and the reference implementation's order: of a child
 * folder its own two, of a structure the name before the hash). Histories in folders below are
 * theirs: they get a generation of their own, which the one above refers to. */
#pragma once

#include "seal/history.h"

enum seal_verdict {
    SEAL_NEW,        /* no seal knew it */
    SEAL_UNCHECKED,  /* one has it, in a format that isn't known here */
    SEAL_SAME,       /* it is what it was */
    SEAL_CHANGED,    /* it isn't */
    SEAL_MISSING,    /* it is known and not there */
    SEAL_UNREADABLE, /* it can't be read, or sealed */
    SEAL_VERDICTS
};
extern const char *const seal_verdict_names[SEAL_VERDICTS];

struct seal_finding {
    enum seal_verdict verdict;
    char *path; /* below the folder */
    char *text; /* what is wrong, in words; of the good ones NULL */
};

struct seal_params {
    unsigned formats;             /* a mask of DIGEST_BIT: what is recorded */
    const char *const *ignored;   /* patterns besides those of before; NULL-terminated, or NULL */
    bool append;                  /* else nothing is written and nothing new is asked for */
    const struct digest_ear *ear; /* may be NULL */
    void (*begin)(void *self, int files, int64_t bytes); /* with the ear: how much it will be */
};

struct seal_outcome {
    GPtrArray *findings; /* struct seal_finding, in the order of the tree, missing ones last */
    unsigned counts[SEAL_VERDICTS];
    int64_t bytes;
    char *manifest; /* below the folder, what was written; NULL nothing */
};

/* False and *error: SEAL_ERROR when a history isn't what it was, then nothing is read or written;
 * G_FILE_ERROR when one can't be read or written; G_IO_ERROR_CANCELLED when the ear said so. */
bool seal_folder(const char *folder, const struct seal_params *params, struct seal_outcome *out,
                 GError **error);
void seal_outcome_clear(struct seal_outcome *outcome);
bool seal_outcome_is_good(
    const struct seal_outcome *outcome); /* nothing changed, missing, unreadable */
