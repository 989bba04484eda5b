/* SPDX-License-Identifier: GPL-3.0-or-later
 * A stream of a source, as the table of preservation tells of it. */
#pragma once

#include "media/source.h"
#include "model/carried.h"

/* "sound track 2 (eng, aac)"; caller frees. */
char *stream_words(const struct source *source, int stream);
/* "h264, 1920x1080", "aac, 48000 Hz, stereo", "subrip"; caller frees. */
char *stream_value(const AVStream *stream);
const char *stream_language(const struct source_stream *stream); /* language_full(); NULL unknown */

/* Tracks that stand for what is remade: they aren't copied. */
bool stream_is_timecode(const struct source_stream *stream);
bool stream_is_chapters(const struct source *source, const struct source_stream *stream);
bool stream_of_file_is_remade(int fd, int stream); /* it is one of both, by the file's header */
/* What of `keep:` it belongs to. */
enum keep stream_keep(const struct source *source, const struct source_stream *stream);

/* Of a picture that is copied into a container: what belongs to it beside its packets, and whether
 * there is a place for that. Rows; caller unrefs. */
GPtrArray *stream_picture_rows(const AVStream *stream, const char *container);

/* Of a picture that its container crops: that it isn't, and what does the same. NULL: it shows all.
 * Caller destroys. */
struct carried_row *stream_crop_row(const struct source_stream *stream);
/* Of a picture that says which part of it is of interest, as nothing encoded does. NULL: it
 * doesn't. Caller destroys. */
struct carried_row *stream_active_format_row(const struct source_stream *stream);

/* roles.c. Of a track whose header says what it is for: whether one with the marks `made`
 * (AV_DISPOSITION_…) says so as well. NULL: it doesn't say. Caller destroys. */
struct carried_row *stream_role_row(const struct source *source, int stream, int made,
                                    const char *container);
