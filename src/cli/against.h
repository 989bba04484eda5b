/* SPDX-License-Identifier: GPL-3.0-or-later
 * `--against` of `check` and `run`: each file beside its reference, a media file or a golden. */
#pragma once

#include "look.h"
#include "model/expect.h"
#include "model/glance.h"

struct against;

/* What came of one file. */
struct beside {
    GPtrArray *checks; /* struct check: of what isn't a fact */
    struct failure failure;
    double seconds;
    struct curve ssim; /* of a film beside a film */
};

/* Looks at what `reference` is: a media file, a golden, or a folder of such. NULL after reporting,
 * and *code. */
struct against *against_open(const char *reference, int *code);
void against_close(struct against *against); /* accepts NULL */
struct against_how {
    const char *stamp;    /* of the software */
    const char *pictures; /* the folder that gets pictures of what differs; NULL nowhere */
    bool measure;         /* facts of the inputs get the measured ones, of the same decoding */
};
/* Finds the reference of each of the inputs, compares, and adds to the facts of each how alike they
 * are. EXIT_DONE, or the exit code of what went wrong, which has been said. */
int against_run(struct against *against, struct look *look, const struct against_how *how);
const struct beside *against_of(const struct against *against, guint input);
/* What of the reference none of the inputs, of folders, was held to. */
struct unmatched {
    char *path; /* below it */
    char *why;  /* why it can't be looked at; NULL: none of the inputs is for it */
};
const GPtrArray *against_unmatched(const struct against *against);
/* What fails for it: `made` are the inputs ("a file"). Caller destroys. */
struct check *unmatched_check(const struct unmatched *unmatched, const char *made);
/* Whether not all of them were named one by one. */
bool any_from_folder(const GPtrArray *inputs);
/* Adds what is expected of a likeness, of picture and of sound, where `expectations` names nothing
 * of that; borrowed. */
void against_defaults(const struct against *against, const struct facts *facts,
                      GPtrArray *expectations);
