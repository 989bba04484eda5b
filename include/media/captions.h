/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed captions within the picture: CEA-608 and CEA-708 in the user data of ATSC A/53 part 4,
 * section 6.2.3 ("GA94", type 3), which MPEG-2, H.264 and HEVC carry; and CEA-608 in a track of its
 * own, as QuickTime's c608. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

enum { CAPTIONS_NONE = 0, CAPTIONS_608 = 1, CAPTIONS_708 = 2, CAPTIONS_TRACK = 4 };

/* Of the triplets of a frame's AV_FRAME_DATA_A53_CC: which of them are valid. */
unsigned captions_of_triplets(const uint8_t *data, size_t size);
unsigned captions_of_frame(const AVFrame *frame);
/* A frame has those of another, or none (NULL), in place of its own. */
void captions_take(AVFrame *frame, const AVFrame *from);
/* A frame keeps nothing beside its samples but them. */
void captions_alone(AVFrame *frame);
/* Of a packet of coded picture, without decoding it. */
unsigned captions_of_packet(const AVPacket *packet);
/* "cea-608", "cea-708", "cea-608 and cea-708", "cea-608 track"; NULL for none. Static. */
const char *captions_text(unsigned captions);
/* Of such a text those within the picture; NULL none. Static. */
const char *captions_within(const char *text);

/* Of a track of them: whether the stream is one; */
bool captions_is_track(const AVCodecParameters *par);
/* whether a packet has nothing but nulls (CTA-608, 0x80 with its parity); */
bool captions_is_null(const AVPacket *packet);
/* and whether there is more in it than the first field's pairs, which are all that libavformat
 * writes and decodes. A sample of a MOV, atoms "cdat" of the first field and "cdt2" of the second
 * (QTFF), it takes for one atom, and the second's head for pairs of letters: that is cut off. */
bool captions_leave_first(AVPacket *packet);

struct source;
/* Of its tracks, and of the first pictures of a source, read ahead of their time. */
unsigned source_captions(struct source *source);
/* Whether an encoder, by libavcodec's name, writes what its frames have. */
bool captions_are_encoded(const char *encoder);
