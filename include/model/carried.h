/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation: what became of every stream and every piece of metadata of a source in
 * one output, a row each. A render makes it, its claim carries it, the report shows it, and `keep:`
 * is held against it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What a row is about, and the words of `keep:`. */
enum keep {
    KEEP_TIMECODE,
    KEEP_REEL,
    KEEP_CHAPTERS,
    KEEP_SUBTITLES,
    KEEP_CAPTIONS,
    KEEP_HDR,
    KEEP_ALPHA,
    KEEP_DATES,
    KEEP_LOCATION,
    KEEP_LANGUAGES,
    KEEP_TRACKS,
    KEEP_ATTACHMENTS,
    KEEP_DATA,
    KEEP_TAGS,
    KEEP_COUNT
};
struct keep_word {
    const char *word, *help;
    unsigned holds; /* a container with any of these (model/holds.h) has a place for it; 0: any */
};
extern const struct keep_word keep_words[KEEP_COUNT];
/* The words alone, NULL-terminated; static. */
const char *const *keep_names(void);
/* KEEP_COUNT for a word that isn't one. */
enum keep keep_from_word(const char *word);
/* Whether a container, by its name, has a place for it. */
bool keep_is_possible(enum keep keep, const char *container);
/* The names of those that have, space-separated; NULL: any may. Caller frees. */
char *keep_containers(enum keep keep);
/* A set of them is a mask of 1 << keep; "timecode chapters", "" none, and back: words that aren't
 * known are passed over. Caller frees. */
char *keep_text(unsigned keeps);
unsigned keep_from_text(const char *text);

enum carried_fate {
    FATE_ENCODED,   /* a picture or sound, made anew */
    FATE_COPIED,    /* packet by packet */
    FATE_CONVERTED, /* the same in another form: text subtitles */
    FATE_KEPT,      /* a piece of metadata, as it was */
    FATE_CHANGED,   /* there, with another value: a timecode moved by a trim */
    FATE_DROPPED,
};
const char *fate_name(enum carried_fate fate);
/* FATE_DROPPED for a word that isn't one. */
enum carried_fate fate_from_name(const char *name);

/* Texts are owned by the row. */
struct carried_row {
    enum keep keep;
    int stream;   /* index in the source; -1: not of one stream */
    char *what;   /* "sound track 2 (eng, aac)", "timecode" */
    char *before; /* its value in the source; NULL where naming it says all */
    char *after;  /* in the output; NULL: it isn't there */
    enum carried_fate fate;
    char *why; /* of what was dropped or changed; NULL: nothing to say */
};
/* Why something goes that no part of this program reads. */
extern const char carried_unread[];
/* A copy of `row`, its texts included. */
struct carried_row *carried_copy(const struct carried_row *row);
void carried_destroy(struct carried_row *row);
GPtrArray *carried_new(void);                       /* of struct carried_row, which it owns */
GPtrArray *carried_copy_all(const GPtrArray *rows); /* NULL: NULL */

/* Whether there is a row of it. */
bool carried_tells(const GPtrArray *rows, enum keep keep);
/* What one word of `keep:` comes to: whether all that the source has of it is in the output.
 * `expected` and `measured` are the caller's to free; a source without any passes. */
bool carried_check(const GPtrArray *rows, enum keep keep, char **expected, char **measured);
