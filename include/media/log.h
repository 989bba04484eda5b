/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the libraries say, on stderr: one line a message, prefixed by who speaks:
 *     [libav h264] error while decoding MB 53 20
 *     [vips] VipsJpeg: premature end of JPEG image
 * A message that repeats is printed once, with a count. Thread-safe. */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* Takes over the logs of libav and GLib (libvips speaks through it). Once per process, before any
 * media library is used. */
void media_log_start(void);

/* A line of our own in the same form: media_log("sndfile", "%s", sf_strerror(file)). */
void media_log(const char *who, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many errors libav's `speaker`, an AVFormatContext say, logged since it was watched: some
 * demuxers tell of damage in no other way. 0 where media_log_start() wasn't called. Not watched
 * any more before it is freed. */
void media_log_watch(const void *speaker);
void media_log_unwatch(const void *speaker);
unsigned media_log_errors(const void *speaker);
/* What it said first of them, which is the cause; NULL: nothing. Caller frees. */
char *media_log_first_error(const void *speaker);

/* What was logged since media_log_end() gave this, as far as the log can be read back, which a file
 * open for reading can: the last two lines that don't only inform, without their speakers, as
 * "bad level; can't open". Whatever a library prints is among it, past libav and GLib too. NULL:
 * there is none. Caller frees. */
char *media_log_complaint(int64_t since);
int64_t media_log_end(void);

/* Prints the count of a last repeated message; at the end of a task. */
void media_log_flush(void);
