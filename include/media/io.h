/* SPDX-License-Identifier: GPL-3.0-or-later
 * libavformat on file descriptors. Every format context of this program reads and writes through
 * one of these; libav never sees a file name and can open nothing by itself.
 *
 * A context keeps its own offset (pread, pwrite), so any number of them work independently over
 * one descriptor, in any threads. None owns the descriptor. One context: one thread at a time. */
#pragma once

#include "model/failure.h"

#include <glib.h>
#include <libavformat/avformat.h>

struct io;

/* For reading a regular file. NULL only without memory. */
struct io *io_reader(int fd);
/* For reading pieces of a file as if they were one. `pieces` (struct io_piece) is copied. NULL only
 * without memory. */
struct io_piece {
    int64_t offset, length;
};
struct io *io_reader_pieces(int fd, const GArray *pieces);
/* `reading` (NULL: nothing) is told with each read how far in the file that was, 0 to 1. */
void io_when_read(struct io *io, void (*reading)(void *data, double fraction), void *data);
/* For writing from offset 0; seekable. faststart reads back what was written, so the descriptor
 * must be open for reading too. NULL only without memory. */
struct io *io_writer(int fd);

/* For writing a folder as a bundle (base/bundle.h) into fd, from its start: each file that a muxer
 * opens is kept in memory until it is closed, and then goes into the bundle under the last part of
 * its url. `url` is the muxer's: a pattern of names. There is no pb. NULL only without memory. */
struct io *io_folder(int fd, const char *url);
/* A line about all of its files, for their readers; written with the end. */
void io_tell(struct io *io, const char *about);

/* Makes `io` the pb of a context, and the only thing it can reach: of a writer's own file a second
 * context for reading may be opened (faststart does), anything else is refused with EPERM. Sets
 * pb, opaque, url, io_open, io_close2, protocol lists and AVFMT_FLAG_CUSTOM_IO. */
bool io_attach(struct io *io, AVFormatContext *format, struct failure *failure);

AVIOContext *io_context(struct io *io); /* borrowed */
int64_t io_size(const struct io *io);   /* of the file, when opened; a writer: the furthest byte */

/* A reader meets the end of the file after so many bytes more, wherever it seeks, and after an
 * eighth of it when all are zeros: for opening what may be noise or a hole. -1: no such limit. */
void io_limit(struct io *io, int64_t bytes);
bool io_limit_met(const struct io *io);

/* 0, or the errno of the first read or write that failed (short writes: ENOSPC). It stays. */
int io_error(const struct io *io);

/* Flushes and frees; io may be NULL. False with FAIL_DISK (writer) or FAIL_INPUT_DAMAGED (reader)
 * when any read or write ever failed, however the muxer took it. Detach or free the format
 * context first: after av_write_trailer, before avformat_free_context is fine too. */
bool io_close(struct io *io, struct failure *failure);
