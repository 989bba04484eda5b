/* SPDX-License-Identifier: GPL-3.0-or-later
 * The facts of a plain WAVE file, by its chunks: what libavformat finds by decoding its start, for
 * a hundredth of the time. */
#pragma once

#include "model/facts.h"

#include <stdbool.h>

/* True when `facts` are all there is to know: RIFF or RF64, whole, one or two channels of PCM or
 * floats in their usual place, no chunk but `ds64`, `fmt `, `data` and texts that only name a
 * program (ISFT), and nothing where libavformat looks for it that would make DTS or IEC 61937 of
 * 16-bit samples: a sync word of DTS (ETSI TS 102 114, 14 and 16 bits, of either byte order), or
 * the preamble Pa, Pb. False, and nothing of `facts` changed, for any other file. They are the same
 * as those of media_probe_source(), where the file tells its size; tests/media/probe_wave.c holds
 * them to that. Samples that no size tells go on to the file's end. */
bool media_probe_wave(int fd, int64_t size, struct facts *facts);
