/* SPDX-License-Identifier: GPL-3.0-or-later
 * NAL units of H.264 and HEVC, which stand behind start codes (ITU-T H.264 and H.265, annex B) or,
 * in MP4 and Matroska, behind their lengths (ISO/IEC 14496-15). */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

struct nals {
    const uint8_t *at, *end;
    int length_bytes; /* 0: start codes */
};
struct nal {
    const uint8_t *data; /* from its header on */
    size_t size;
};

/* The size of the lengths in a track's packets, 1 to 4; 0: they have start codes. */
int nal_length_bytes(const AVCodecParameters *par);
struct nals nals_of_packet(const AVCodecParameters *par, const AVPacket *packet);
struct nals nals_of_start_codes(const uint8_t *data, int size);
/* One that isn't empty; false when there is none left. */
bool nal_next(struct nals *nals, struct nal *nal);
/* A unit without the bytes that keep start codes out of it (7.4.1 of H.264, 7.4.2 of H.265), at
 * most so many of it; returns how many. */
size_t nal_unescape(const struct nal *nal, uint8_t *to, size_t most);
