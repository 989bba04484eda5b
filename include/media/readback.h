/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the header of a file says, as libavformat reads it, without looking at a packet: the words
 * of a finished output are compared with those of its source. */
#pragma once

#include <glib.h>
#include <libavformat/avformat.h>
#include <stdbool.h>

struct readback;
/* The file behind fd, from its start (borrowed; readable). What has no header that can be read says
 * nothing: a context without streams and tags. NULL only without memory. */
struct readback *readback_open(int fd);
struct readback *readback_open_piece(int fd, int64_t offset, int64_t length); /* of a file */
struct readback *readback_open_text(const char *text, size_t length);         /* of a file */
const AVFormatContext *readback_format(const struct readback *readback);
/* Of a file of subtitles: how many cues it has, and when the last one ends, in seconds. */
int readback_cues(struct readback *readback, double *end_s);
/* The text track of subtitles that `asked` names: a number from 1 among those of subtitles, or a
 * language; NULL: one that is marked default, else the first. -1: there is none such. */
int readback_subtitles(const struct readback *readback, const char *asked);
/* The next packet of one stream, in file order; false at the end. */
bool readback_packet(struct readback *readback, int stream, AVPacket *packet);
void readback_close(struct readback *readback); /* accepts NULL */
typedef struct readback *readback_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(readback_ptr, readback_close, NULL)
