/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameter sets of H.264 from two encoders in one track. */
#pragma once

#include "model/failure.h"

#include "../bytes/nal.h"

/* A number (ITU-T H.264, 7.4.2.1.1: 0 to 31) that no set of the track has; -1: there is none, or
 * the track doesn't tell its sets. */
int seam_sets_free(const AVCodecParameters *par);
/* A set of a type (table 7-1: 7 sequence, 8 picture) by its number; inside the track's header. */
bool seam_sets_find(const AVCodecParameters *par, int type, unsigned number, struct nal *set);
/* Adds the sets of an encoder, behind start codes, to those of the track. */
bool seam_sets_add(AVCodecParameters *par, const AVCodecContext *encoder, struct failure *failure);
/* Start codes become lengths, where the track has these. */
bool seam_sets_convert(const AVCodecParameters *par, AVPacket *packet, struct failure *failure);
