/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the line-based text formats of colour: lines, words, strict numbers, and messages that
 * point at them. Knows nothing of any format's meaning. */
#pragma once

#include "base/diag.h"

#include <stdbool.h>

#define SCAN_WORDS 7 /* words kept of a line; one more than any row may have */

struct span {
    const char *start, *end;
};

struct scan {
    struct span whole; /* the current line without its end */
    struct span line;  /* of it, what is neither a comment nor blanks around the rest */
    int number;        /* of the current line, from 1; 0 before the first */
    struct span words[SCAN_WORDS];
    int count; /* of words on the line, beyond SCAN_WORDS too */
    unsigned errors, warnings;
    bool had_bom;

    const char *next; /* the text not yet read */
    struct span text;
    const char *file; /* interned */
    struct diag *diag;
    bool told_source;
};

/* The text is borrowed. A byte order mark is skipped and noted. */
void scan_init(struct scan *s, const char *text, gsize length, const char *file, struct diag *diag);

/* False, reported, when it isn't text at all: `what` says what it should be ("a .cube file"). Warns
 * of a byte order mark. */
bool scan_is_text(struct scan *s, const char *what);

/* The next line with something on it. Lines end in LF, CRLF or CR; a comment runs from a # that
 * begins a word to the end of its line. False at the end of the text. */
bool scan_next(struct scan *s);
/* The next line whatever is on it, for formats that have no comments; it isn't cut into words. */
bool scan_line(struct scan *s);
/* Makes the line current on which `at` stands, for formats that aren't read by lines; cheap from
 * place to place further on. A place outside the text changes nothing. */
void scan_place(struct scan *s, const char *at);

/* A finite decimal number between -limit and limit, in no locale; else reports and returns false.
 */
bool scan_number(struct scan *s, struct span word, double limit, double *out);

/* A whole number from `least` to `most`; `what` names it in the report. */
bool scan_whole(struct scan *s, struct span word, const char *what, int least, int most, int *out);

/* Where `at` is: a piece of the current line. What isn't one is somewhere on the line. */
struct mark scan_mark(struct scan *s, struct span at);
/* Reports about `at`, likewise. */
void scan_report(struct scan *s, enum severity severity, struct span at, const char *hint,
                 const char *format, ...) G_GNUC_PRINTF(5, 6);
#define scan_error(s, at, hint, ...) scan_report(s, DIAG_ERROR, at, hint, __VA_ARGS__)
#define scan_warning(s, at, hint, ...) scan_report(s, DIAG_WARNING, at, hint, __VA_ARGS__)

/* A piece of the text for a message: printable, and not too much of it. Caller frees. */
char *span_shown(struct span span);
bool span_equal_nocase(struct span span, const char *text);
/* Takes the first word off `rest`; false when none is left. */
bool span_word(struct span *rest, struct span *word);
