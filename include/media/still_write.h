/* SPDX-License-Identifier: GPL-3.0-or-later
 * One finished frame of a moving picture written as a still. */
#pragma once

#include "model/encode.h"
#include "model/task.h"

#include <libavutil/frame.h>

/* `frame` is packed RGB, full range, already in the depth that is wanted or the one it came in:
 * AV_PIX_FMT_RGB24, RGB48LE, RGBA or RGBA64LE (straight alpha). Its color_primaries and color_trc
 * are set, never unknown; the writer embeds a profile that says the same (sRGB for bt709
 * primaries with any SDR transfer), and changes pixels only where `encode->profile` names another.
 * SAR was already applied. `encode->format` is set. `profile_fd` is as of job_profile_fd, or -1.
 * The file behind fd (borrowed) is written from its start, flushed and checked. `tags`: metadata,
 * key → value (title artist copyright description date timecode); NULL values are left out. Fills
 * width, height, pix_fmt ("rgb24" …), frames = 1 and video_codec (the format's name) of `claim`.
 * `notes` (char *) gets what the format couldn't hold: transparency is put on white, for one.
 * False and `failure`: FAIL_DISK, FAIL_CONFIG, FAIL_MEMORY. */
bool still_write_frame(const AVFrame *frame, const struct encode_image *encode, int profile_fd,
                       int fd, struct claim *claim, GHashTable *tags, GPtrArray *notes,
                       struct failure *failure);
