/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts of MOV and MP4 files as files, and of codecs' levels. */
#pragma once

#include "model/facts.h"

#include <libavcodec/avcodec.h>

/* edit_lists, fragments and faststart of a file that is a MOV or an MP4. */
void probe_movie(int fd, struct facts *facts);
/* "4.1", "5.0", "high"; NULL unknown. Caller frees. */
char *level_text(const AVCodecParameters *par);
