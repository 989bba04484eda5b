/* SPDX-License-Identifier: GPL-3.0-or-later
 * Messages to people about what they wrote: collected, positioned, with the text underlined.
 *
 *     pipelines/web.yaml:14:15: error: loudness.target: "-23 dB" is not a loudness
 *        14 |       target: -23 dB
 *           |               ^~~~~~
 *        hint: write it in LUFS, for example "-23 LUFS" (allowed: -70 to -5)
 *
 * A function that takes a `struct diag *` reports to it and returns false (or NULL); the caller
 * goes on to find more, and nothing runs when diag_errors() is not 0. Not thread-safe. */
#pragma once

#include "base/mark.h"

#include <stdbool.h>

enum severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct finding {
    enum severity severity;
    struct mark at;
    char *message; /* one sentence, no full stop, no position */
    char *hint;    /* what to do, or NULL */
};

struct diag;

struct diag *diag_create(void);
void diag_destroy(struct diag *diag);
typedef struct diag *diag_ptr; /* for `g_auto(diag_ptr) diag = diag_create();` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(diag_ptr, diag_destroy, NULL)

/* Remembers the text of a file, so that messages can show the line. The text is copied. */
void diag_add_source(struct diag *diag, const char *file, const char *text, gsize length);

/* Report. `hint` may be NULL; both strings are copied, with what can't be printed as "\xNN". At
 * most 100 findings are kept, the rest are counted; an error takes the place of a kept warning.
 * An identical finding (place and message) is reported once. */
void diag_report(struct diag *diag, enum severity severity, struct mark at, const char *hint,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);
#define diag_error(diag, at, hint, ...) diag_report(diag, DIAG_ERROR, at, hint, __VA_ARGS__)
#define diag_warning(diag, at, hint, ...) diag_report(diag, DIAG_WARNING, at, hint, __VA_ARGS__)

unsigned diag_errors(const struct diag *diag);
unsigned diag_warnings(const struct diag *diag);

/* The findings in order of report; owned by diag. */
const GPtrArray *diag_findings(const struct diag *diag); /* of struct finding */

/* All findings as text in the form shown above; caller frees. */
char *diag_text(const struct diag *diag, bool color);

/* The candidate nearest to `word` (optimal string alignment distance of at most a third of its
 * length, at least 1), or NULL. Case-insensitive. `candidates` is NULL-terminated. */
const char *nearest_name(const char *word, const char *const *candidates);

/* "did you mean \"resize\"? allowed: crop, pad, resize"; caller frees. Long lists are cut. */
char *name_hint(const char *word, const char *const *candidates);
