/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of subtitles beside a film, opened so that no cue of theirs is lost: libavformat 59 ends
 * WebVTT at the first block that isn't a cue, and takes times of SubRip that it can't read for
 * words. */
#pragma once

#include "media/readback.h"
#include "model/failure.h"

/* The file behind fd (borrowed), which `name` calls so in messages. Blocks of WebVTT that show
 * nothing (W3C, WebVTT 4.1: comments, style sheets, regions) are passed over. NULL with FAIL_CONFIG
 * and its line where a cue doesn't say when it is shown; without memory. What is no such file is as
 * readback_open() has it. */
struct readback *subtitle_file_open(int fd, const char *name, struct failure *failure);
