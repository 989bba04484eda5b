/* SPDX-License-Identifier: GPL-3.0-or-later
 * What libavformat doesn't read of Matroska and WebM (RFC 9559, 5.1.2, 5.1.4, 5.1.7 and 5.1.8). */
#pragma once

#include "../bytes/ebml.h"
#include "media/source.h"

#include <libavformat/avformat.h>

enum {
    MATROSKA_INFO = 0x1549a966,
    MATROSKA_TRACKS = 0x1654ae6b,
    MATROSKA_TRACK = 0xae,
    MATROSKA_LANGUAGE = 0x22b59c,
    MATROSKA_LANGUAGE_BCP47 = 0x22b59d
};

/* Of struct ebml: those of the segment that are before its pictures and sound, or that its index
 * says are elsewhere. Caller unrefs. */
GArray *matroska_elements(int fd, uint32_t id);
bool matroska_find(int fd, uint32_t id, struct ebml *element); /* the first of them */
/* The first element of this id inside another: 0 or NULL where there is none. */
uint64_t matroska_number(int fd, const struct ebml *parent, uint32_t id);
char *matroska_text(int fd, const struct ebml *parent, uint32_t id); /* caller frees */

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
/* Makes the tags of the film itself the file's, of which libavformat read `format`: those of level
 * 50, or of none; and its title is that of the segment. Nothing where it isn't Matroska. */
void matroska_place_tags(int fd, AVFormatContext *format);
/* Adds rows (struct carried_row) of what no output has, since libavformat or we don't read it: of
 * chapters other editions, chapters inside others, names in other languages, the order of an
 * ordered edition; of tags those of other levels, inside others, of one name, that are no text. */
void matroska_lost(int fd, const AVFormatContext *format, GPtrArray *rows);
void matroska_lost_tags(int fd, const AVFormatContext *format, GPtrArray *rows); /* part of it */
/* Of struct matroska_track: those of which libavformat makes streams, in their order. Caller
 * unrefs. */
GArray *matroska_tracks(int fd);
/* The same of a file of which `format` was read, as its first streams; of none where they aren't
 * alike, or it isn't Matroska. */
GArray *matroska_tracks_of(int fd, const AVFormatContext *format);
