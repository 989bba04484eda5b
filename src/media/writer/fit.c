/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound as long as the picture: silent tracks, and all of MXF, each of whose tracks lasts as many
 * whole frames. */
#include "media/frame.h"
#include "private.h"

#include <math.h>

double writer_picture_end(const struct writer *writer)
{
    for (guint i = 0; i < writer->tracks->len; i++) {
        const AVStream *stream = writer->format->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
            return g_array_index(writer->tracks, struct track, i).end * av_q2d(stream->time_base);
    }
    return NAN;
}

/* Samples that a track of sound which is to fit lacks up to a moment; below 0 are too many. */
static int64_t lacking(const struct writer *writer, guint number, double end_s)
{
    const AVStream *stream = writer->format->streams[number];
    const AVCodecParameters *par = stream->codecpar;
    const struct track *track = &g_array_index(writer->tracks, struct track, number);
    if (track->silence_of)
        return silence_lacks(track->silence_of, end_s);
    if (par->codec_type != AVMEDIA_TYPE_AUDIO || par->block_align <= 0 ||
        !(track->silent || writer_is(writer, "mxf")))
        return 0;
    return llround(end_s * par->sample_rate) -
           av_rescale_q(track->end, stream->time_base, (AVRational){1, par->sample_rate});
}

static bool write_zeros(struct writer *writer, guint number, int64_t samples,
                        struct failure *failure)
{
    const AVStream *stream = writer->format->streams[number];
    const AVCodecParameters *par = stream->codecpar;
    AVPacket *packet = packet_new();
    bool done = av_new_packet(packet, (int)samples * par->block_align) >= 0 ||
                fail(failure, FAIL_MEMORY, "no memory for silence");
    if (done) {
        memset(packet->data, 0, (size_t)packet->size);
        packet->pts = packet->dts = g_array_index(writer->tracks, struct track, number).end;
        packet->duration =
            av_rescale_q(samples, (AVRational){1, par->sample_rate}, stream->time_base);
        done = writer_write(writer, (int)number, packet, stream->time_base, failure);
        g_array_index(writer->tracks, struct track, number).silence += samples;
    }
    av_packet_free(&packet);
    return done;
}

static bool write_silence(struct writer *writer, guint number, int64_t samples,
                          struct failure *failure)
{
    struct silence *encoded = g_array_index(writer->tracks, struct track, number).silence_of;
    return encoded ? silence_write(writer, number, encoded, samples, failure)
                   : write_zeros(writer, number, samples, failure);
}

static int64_t second_of(const struct writer *writer, guint number)
{
    const struct silence *encoded = g_array_index(writer->tracks, struct track, number).silence_of;
    return encoded ? silence_second(encoded)
                   : writer->format->streams[number]->codecpar->sample_rate;
}

static bool end_silence(struct writer *writer, struct failure *failure)
{
    for (guint i = 0; i < writer->tracks->len; i++) {
        struct silence *encoded = g_array_index(writer->tracks, struct track, i).silence_of;
        if (encoded && !silence_end(writer, i, encoded, failure))
            return false;
    }
    return true;
}

bool writer_fit_on(struct writer *writer, int number, struct failure *failure)
{
    const AVStream *stream = writer->format->streams[number];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
        return true;
    const double end_s = writer_picture_end(writer);
    for (guint i = 0; i < writer->tracks->len; i++) {
        const int64_t second = second_of(writer, i);
        if (g_array_index(writer->tracks, struct track, i).ended &&
            lacking(writer, i, end_s) > second && !write_silence(writer, i, second, failure))
            return false;
    }
    return true;
}

void writer_end_track(struct writer *writer, int track)
{
    g_array_index(writer->tracks, struct track, track).ended = true;
}

/* A second behind each track that lacks one, so that none waits long for another. */
static bool fill_a_second(struct writer *writer, double end_s, bool *more, struct failure *failure)
{
    *more = false;
    for (guint i = 0; i < writer->tracks->len; i++) {
        const int64_t samples = lacking(writer, i, end_s);
        const int64_t second = second_of(writer, i);
        if (samples > 0 && !write_silence(writer, i, MIN(samples, second), failure))
            return false;
        *more |= samples > second;
    }
    return true;
}

/* After the filling: what a track has too much then is cut. */
static void note_fit(struct writer *writer, double end_s)
{
    for (guint i = 0; i < writer->tracks->len; i++) {
        const double rate = writer->format->streams[i]->codecpar->sample_rate;
        const struct track *track = &g_array_index(writer->tracks, struct track, i);
        const int64_t silence = track->silence, excess = -lacking(writer, i, end_s);
        if (rate > 0 && !track->silent) {
            writer->fit.filled_s = fmax(writer->fit.filled_s, (double)silence / rate);
            writer->fit.cut_s = fmax(writer->fit.cut_s, (double)excess / rate);
        }
    }
}

bool writer_fit_sound(struct writer *writer, struct failure *failure)
{
    const double end_s = writer_picture_end(writer);
    if (isnan(end_s))
        return true;
    for (bool more = true; more;)
        if (!fill_a_second(writer, end_s, &more, failure))
            return false;
    note_fit(writer, end_s);
    return end_silence(writer, failure);
}

struct writer_fit writer_fit(const struct writer *writer)
{
    return writer->fit;
}
