/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long samples of a track of MOV and MP4 last in its fragments, where its times aren't edited.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Of the track of this id; reads the heads of all fragments. Empty: there are none. Caller unrefs.
 */
GArray *mov_lengths(int fd, int64_t size, int id);
/* Of the sample that is decoded at this time, in the track's time scale; 0: there is none, or it
 * says so. */
int64_t mov_length_at(const GArray *lengths, int64_t at);
