/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goldens in a folder: DIR/<path of the output>.golden, and beside each a strip of pictures,
 * .golden.png. What `bless` writes and `check --against` reads. */
#pragma once

#include "look.h"
#include "model/golden.h"

/* Paths of the outputs that a folder has goldens of, sorted: char *. Empty where there are none. */
GPtrArray *golden_outputs(const char *folder);
char *golden_path(const char *folder, const char *output); /* caller frees */
struct golden *golden_read(const char *path, GError **error);
/* Its text and its strip (NULL: none). */
bool golden_write(const struct golden *golden, const char *strip, const char *path, GError **error);

/* What a file was seen to be. */
struct seen {
    struct golden *golden; /* NULL: failure says why */
    GPtrArray *checks;     /* struct check: of what was drawn */
    char *strip;           /* a PNG in the look's scratch folder; NULL none */
    struct failure failure;
    double seconds;
};
/* Of an input the golden that it is to be as. */
struct see_old {
    const char *golden; /* its path; NULL: there is none, or none that can be read */
    bool loose;         /* it is of another stamp */
    const char *drift;  /* where the difference is drawn; NULL nowhere */
};
struct see_how {
    const char *stamp;         /* this program's */
    bool measure;              /* the facts of the inputs get the measured ones, too */
    const struct see_old *old; /* of each input; NULL: of none */
};
/* Of each of the look's inputs, in their order. *code is EXIT_DONE, or that of what went wrong,
 * which has been said. */
GPtrArray *golden_see(const struct look *look, const struct see_how *how, int *code);
