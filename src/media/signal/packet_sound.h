/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a packet of sound says about its length. */
#pragma once

#include <libavcodec/avcodec.h>
#include <stdbool.h>

/* How many samples each packet of a track has, which borrows `par`. */
struct packet_counter;
struct packet_counter *packet_counter_create(const AVCodecParameters *par);
void packet_counter_destroy(struct packet_counter *counter); /* accepts NULL */
/* Once for each packet, in their order (those of Vorbis overlap with the one before): samples at
 * the stream's rate, heard or not; 0 where it can't be told. */
int64_t packet_counter_samples(struct packet_counter *counter, const AVPacket *packet);

/* packet_heard.c: the same of codecs whose packets can't say it, by a decoder. NULL: of this one
 * they can, or there is no decoder. */
struct packet_listener;
struct packet_listener *packet_listener_create(const AVCodecParameters *par);
void packet_listener_destroy(struct packet_listener *listener); /* accepts NULL */
/* Samples that come of each packet, in their order, and at last of NULL. */
int64_t packet_listener_hear(struct packet_listener *listener, const AVPacket *packet);

/* Those at its start and its end that aren't heard: AV_PKT_DATA_SKIP_SAMPLES, whose ten bytes are
 * the two counts and two reasons (libavcodec/packet.h). */
struct packet_skip {
    uint32_t start, end;
};
/* Zeros where the packet says nothing. */
struct packet_skip packet_skip_get(const AVPacket *packet);
/* Makes what isn't there; the reasons stay. False without memory. */
bool packet_skip_set(AVPacket *packet, struct packet_skip skip);
