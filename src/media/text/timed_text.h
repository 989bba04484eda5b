/* SPDX-License-Identifier: GPL-3.0-or-later
 * MPEG-4's timed text (3GPP TS 26.245), a track of which shows one sample at a time. Cues that
 * overlap become samples that follow one another: each has the lines of all cues that are shown
 * while it is, the earlier ones above, as far as that is UTF-8 and has room (65535 bytes), with its
 * styles and without other boxes. Samples come out in order, each ended before the next. One
 * thread.
 */
#pragma once

#include <libavcodec/packet.h>
#include <stdbool.h>
#include <stdint.h>

struct timed_text;
/* `portion`: from 0 on, samples without a text stand where nothing is shown, as soon as that is
 * known of so much, and the last of all is one as short as can be; 0: nothing stands there. */
struct timed_text *timed_text_create(int64_t portion);
void timed_text_destroy(struct timed_text *text); /* accepts NULL */

/* A cue. One that is earlier than the last begins with that; one that doesn't say how long it lasts
 * is shown until the next; one without a text isn't written. It waits, since a later one may be
 * shown with it. */
void timed_text_put(struct timed_text *text, const AVPacket *cue);
/* No cue comes any more that begins before `until`; INT64_MAX: none at all. */
void timed_text_pass(struct timed_text *text, int64_t until);
/* The next sample, its times in the cues' time base; NULL: none yet. Caller frees. */
AVPacket *timed_text_next(struct timed_text *text);
/* How many cues had another one shown with them, so far. */
int64_t timed_text_overlaps(const struct timed_text *text);
