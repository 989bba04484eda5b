/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tracks of MPEG-4's timed text: samples that follow one another, of cues that may overlap. */
#include "private.h"

/* Behind a cue libavformat 59 puts a sample without a text as soon as a packet of another track is
 * later, comparing times of two scales, and at the end of a fragment it takes that for as long as
 * the sample before, which makes later cues late and the last fragment long. In a scale finer than
 * any other there is none of its own but at the file's end. */
struct timed_text *writer_text_create(const struct writer *writer, AVStream *stream)
{
    static const int fine = 1000000;
    if (!writer->fragmented)
        return timed_text_create(0);
    stream->time_base = (AVRational){1, fine};
    return timed_text_create(fine);
}

static bool mux_samples(struct writer *writer, int number, struct failure *failure)
{
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    bool fine = true;
    for (AVPacket *sample; fine && (sample = timed_text_next(track->text));) {
        fine = writer_mux(writer, number, sample, failure);
        av_packet_free(&sample);
    }
    return fine;
}

bool writer_put_text(struct writer *writer, int number, AVPacket *packet, struct failure *failure)
{
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    timed_text_put(track->text, packet);
    av_packet_unref(packet);
    return mux_samples(writer, number, failure);
}

/* `until`: in time_base; INT64_MAX: all. */
static bool pass(struct writer *writer, int64_t until, AVRational time_base,
                 struct failure *failure)
{
    for (int i = 0; i < (int)writer->tracks->len; i++) {
        const struct track *track = &g_array_index(writer->tracks, struct track, i);
        if (!track->text)
            continue;
        const AVRational own = writer->format->streams[i]->time_base;
        timed_text_pass(track->text,
                        until == INT64_MAX ? until : av_rescale_q(until, time_base, own));
        if (!mux_samples(writer, i, failure))
            return false;
    }
    return true;
}

/* A file's tracks aren't interleaved to the packet: a cue may come so much behind a picture. */
bool writer_pass_texts(struct writer *writer, int number, const AVPacket *packet,
                       struct failure *failure)
{
    static const int late_s = 1;
    const AVRational time_base = writer->format->streams[number]->time_base;
    if (packet->dts == AV_NOPTS_VALUE)
        return true;
    return pass(writer, packet->dts - av_rescale(late_s, time_base.den, time_base.num), time_base,
                failure);
}

bool writer_end_texts(struct writer *writer, struct failure *failure)
{
    return pass(writer, INT64_MAX, (AVRational){1, 1}, failure);
}

int64_t writer_overlaps(const struct writer *writer, int number)
{
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    return track->text ? timed_text_overlaps(track->text) : 0;
}
