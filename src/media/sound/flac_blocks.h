/* SPDX-License-Identifier: GPL-3.0-or-later
 * What FLAC files hold beside their sound (RFC 9639, 8): comments, marks, a cue sheet. Marks are
 * chapters among the comments, in milliseconds, as libavformat reads them
 * ("CHAPTER001=00:00:02.500", "CHAPTER001NAME=…"). Nothing is read of other files, or of what lies.
 */
#pragma once

#include "sndfile_private.h"

/* --- blocks: sound/flac_blocks.c --- */

enum flac_block { FLAC_PADDING = 1, FLAC_COMMENTS = 4, FLAC_CUE_SHEET = 5 };
enum { FLAC_BLOCK_HEAD = 4, FLAC_BLOCK_MAX = (1 << 24) - 1 };
/* The first of a type: where what it holds is, behind its head. */
bool flac_block_find(int fd, enum flac_block type, int64_t *at, size_t *length);
GBytes *flac_block_load(int fd, enum flac_block type); /* NULL: none */
void flac_block_add(GByteArray *to, enum flac_block type, bool last, const void *data,
                    size_t length);

/* --- comments: sound/flac_tags.c --- */

/* The comments as "name=value", the name in lower case. */
GPtrArray *flac_comments(int fd);
/* libav's name of one, and the other way. */
const char *flac_tag_of(const char *name);
const char *flac_name_of(const char *tag);
/* Whether a comment is of a mark, or of a tag by libav's name. */
bool flac_comment_is_mark(const char *comment);
bool flac_comment_is_of(const char *comment, const char *tag);

/* --- marks: sound/flac_marks.c --- */

/* As many as three digits count, from 1 on. */
enum { FLAC_MARKS_MAX = 999 };

/* The marks of a file: its chapters, or else the tracks of its cue sheet, without names. */
GArray *flac_marks_read(int fd, int rate);
/* The cue sheet as it is, NULL: none, or there are chapters beside it. */
GBytes *flac_cue_sheet(int fd);

/* --- writing: sound/flac_head.c --- */

/* What goes into a file that libsndfile writes: `room` is made by a comment of it, which is written
 * over once the sound is whole. */
struct flac_head;
/* All tags that comments have a place for; notes the others. `file` has no samples yet. */
struct flac_head *flac_head_create(SNDFILE *file, const struct sound_writer_setup *setup,
                                   struct chain *chain, struct failure *failure);
void flac_head_destroy(struct flac_head *head); /* accepts NULL */
/* Into the finished file, `marks` at `rate`; instead of them the cue sheet of the source, if there
 * is one and the output is `whole`. */
bool flac_head_write(const struct flac_head *head, int fd, const GArray *marks, int rate,
                     bool whole, struct failure *failure);
