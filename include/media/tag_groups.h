/* SPDX-License-Identifier: GPL-3.0-or-later
 * The names under which cameras, recorders and containers keep the same thing, and the tags of a
 * source held against those of what was made of it. */
#pragma once

#include "model/carried.h"

#include <libavformat/avformat.h>

struct tag_group {
    enum keep keep;
    const char *what;
    const char *const *keys; /* NULL-terminated; the most telling first */
};
extern const struct tag_group tag_groups[];
extern const unsigned tag_group_count;
const struct tag_group *tag_group_of(const char *key); /* NULL: it is in none */

/* Of a container whose header was read: makes the words of Ogg, which its streams have, the file's;
 * and the day and the time of day of Broadcast Wave, which libav has in `date` and `creation_time`,
 * one `date`. */
void tags_place(AVFormatContext *format);
/* "2026-01-31T10:00:00" of a day and "10:00:00" or "10-00-00" (EBU Tech 3285: any of `-_: .` is
 * between them); the day alone without a time, or where it has one already. Caller frees. */
char *tags_moment(const char *date, const char *time);

/* When it was taken: `date`, or else the first of the names that others have for it; NULL: nobody
 * says. */
const char *tags_date(const AVDictionary *tags);
bool tag_is_date(const char *key);
/* Whether it is among the keys of a table (NULL: none), in either case. */
bool tag_was_removed(GHashTable *removed, const char *key);

/* The first of the keys that has a value: in the file's own tags, then in its streams'. */
const char *tag_of(const AVFormatContext *format, const char *const *keys);

/* Appends to `rows` what became of all tags of `source`: a row for each group that it has, one for
 * all others that are in `after`, one for those that aren't. `container` is for the reasons. Tags
 * of `removed` (key → anything; NULL none) were taken away on purpose: their loss is a change. */
void tags_compare(const AVFormatContext *source, const AVFormatContext *after,
                  const char *container, GHashTable *removed, GPtrArray *rows);
/* The same of two files, with their languages, and of what is in no output of Matroska; nothing
 * where a header can't be read. A file of sound has the tags that media/sndfile.h reads. */
void tags_compare_files(int source, int after, const char *container, GHashTable *removed,
                        GPtrArray *rows);
/* Of a source that is Matroska likewise: rows of the tags of its tracks, attachments and chapters,
 * but of those of which `rows` say that they are dropped. */
void tags_compare_parts(const AVFormatContext *source, const AVFormatContext *after,
                        const char *container, GPtrArray *rows);
bool tags_row_drops(const GPtrArray *rows, int stream); /* one of them says so */
/* Rows of tags that are dropped are changes where a step took all of them away. */
void tags_meant(GPtrArray *rows, GHashTable *removed);
/* Likewise the languages of sound and subtitles; those of tracks of which `rows` say that they are
 * dropped aren't there, even where an empty track is. */
void languages_compare(const AVFormatContext *source, const AVFormatContext *after,
                       GPtrArray *rows);
/* Of a film that goes on behind another in one output: a row for what its tags, or its languages,
 * say and those of the first don't, which alone are the output's. */
void tags_behind(const AVFormatContext *film, const AVFormatContext *first, GHashTable *removed,
                 GPtrArray *rows);
void languages_behind(const AVFormatContext *film, const AVFormatContext *first, GPtrArray *rows);
/* Both of two files, as above. */
void tags_behind_files(int film, int first, GHashTable *removed, GPtrArray *rows);
