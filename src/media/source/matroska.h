/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat doesn't read of Matroska and WebM (RFC 9559, 5.1.2, 5.1.4 and 5.1.7). */
#pragma once

#include "../bytes/ebml.h"
#include "media/source.h"

#include <libavformat/avformat.h>

enum { MATROSKA_TRACK = 0xae, MATROSKA_LANGUAGE = 0x22b59c, MATROSKA_LANGUAGE_BCP47 = 0x22b59d };

struct matroska_track {
    enum AVMediaType type; /* AVMEDIA_TYPE_UNKNOWN: neither picture nor sound */
    char *language;        /* LanguageBCP47; NULL: there is none */
    struct source_crop crop;
};

/* The element that has the tracks, wherever it is; false: it isn't found. */
bool matroska_find_tracks(int fd, struct ebml *tracks);
/* Its writer and when, as statistics of its tracks name them, "2026-11-29 16:13:57"; NULL: it
 * doesn't say. */
struct matroska_made {
    char *app, *date;
};
struct matroska_made matroska_made(int fd); /* caller clears */
void matroska_made_clear(struct matroska_made *made);
/* Adds rows (struct carried_row) of what is in the chapters of a Matroska beside the `read` ones
 * that libavformat makes of them: other editions, chapters inside others, names in other languages,
 * the order of an ordered edition. None in another file. */
void matroska_lost_chapters(int fd, unsigned read, GPtrArray *rows);
/* Of struct matroska_track: those of which libavformat makes streams, in their order. Caller
 * unrefs. */
GArray *matroska_tracks(int fd);
/* The same of a file of which `format` was read, as its first streams; of none where they aren't
 * alike, or it isn't Matroska. */
GArray *matroska_tracks_of(int fd, const AVFormatContext *format);
