/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text subtitles from one form to another: SubRip, ASS, WebVTT and MPEG-4's timed text among each
 * other, by libavcodec's decoders and encoders. Times aren't touched: a cue's packet says when. Of
 * captions (CEA-608), which come a pair of letters at a time, the one that takes a cue off becomes
 * it, with its times. One thread. */
#pragma once

#include "model/failure.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdbool.h>

/* Whether subtitles of this codec are text; others are pictures, or aren't decoded here. */
bool subtitle_is_text(enum AVCodecID codec);

/* Whether they are captions, which other text can be made of. */
bool subtitle_is_captions(enum AVCodecID codec);

/* Whether a packet shows nothing and takes off what is shown: of MPEG-4's timed text (3GPP
 * TS 26.245, 5.17) one without a text, and of a Blu-ray's bitmaps a composition, its first segment
 * (0x16), without objects, whose number is behind ten bytes of it; of captions one of nulls. */
bool subtitle_takes_off(enum AVCodecID codec, const AVPacket *packet);

/* The codec of a stream. WebVTT in Matroska as mkvmerge writes it (S_TEXT/WEBVTT), for which
 * libavformat has none, is known by its header. The stream itself must not say so: libavformat
 * would take its blocks for those of D_WEBVTT, and skip to the next cluster at each. */
enum AVCodecID subtitle_codec(const AVCodecParameters *par);

struct subtitle;
/* From a stream's packets to another text codec. NULL with FAIL_UNSUPPORTED when there is no
 * decoder or encoder, FAIL_INPUT_DAMAGED when the decoder doesn't take the stream's header. */
struct subtitle *subtitle_open(const AVStream *from, enum AVCodecID to, struct failure *failure);
void subtitle_close(struct subtitle *subtitle); /* accepts NULL */

/* What a track of them is. Borrowed. */
const AVCodecParameters *subtitle_parameters(const struct subtitle *subtitle);
/* The cue of `packet` in the other form, with its times, without what ASS draws. False without
 * memory; `packet` is empty where there is nothing to show, or the cue isn't one. */
bool subtitle_convert(struct subtitle *subtitle, AVPacket *packet, struct failure *failure);
/* Behind the last packet of captions: the cue that nothing took off, which is shown until the film
 * is over (CTA-608 has it stay until it is erased). As subtitle_convert() of an empty packet; NAN:
 * until the last packet is. */
bool subtitle_end(struct subtitle *subtitle, double end_s, AVPacket *packet,
                  struct failure *failure);
/* Whether they are captions of which nothing was shown so far. */
bool subtitle_is_blank(const struct subtitle *subtitle);
/* How many cues the decoder has refused so far: their text isn't UTF-8. They are left out. */
int64_t subtitle_refused(const struct subtitle *subtitle);
/* The same in words: "2 cues that aren't text in UTF-8: convert the file"; NULL none. Caller frees.
 */
char *subtitle_refusal(const struct subtitle *subtitle);

/* The cues of a packet as ASS: the decoder's header once, then a dialogue line each, without times
 * ("0,0,Default,,0,0,0,,Word"). Returns how many, and hands them to `take` one by one; -1: the
 * decoder refuses the cue, whose text isn't UTF-8. */
const char *subtitle_header(const struct subtitle *subtitle);
typedef void subtitle_take(void *data, const char *line);
int subtitle_lines(struct subtitle *subtitle, AVPacket *packet, subtitle_take *take, void *data);
