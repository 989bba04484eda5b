/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another sample rate: a stage around soxr (through libswresample) that keeps count. Sample k of
 * the source is heard at k · to / from, and the result has round(N · to / from) samples. */
#include "media/frame.h"
#include "private.h"

#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

/* Bits of precision: soxr's "very high quality", which works in double. */
enum { PRECISION = 28, BLOCK = 8192 };

struct resample_stage {
    struct stage stage;
    struct slot slot;
    SwrContext *soxr;
    AVChannelLayout layout;
    int from, to;
    int64_t taken, given;
    bool draining; /* the source is at its end, the result not yet */
};

static int64_t due(const struct resample_stage *stage)
{
    return av_rescale_rnd(stage->taken, stage->to, stage->from, AV_ROUND_NEAR_INF);
}

static AVFrame *block(const struct resample_stage *stage, int samples, struct failure *failure)
{
    AVFrame *frame = frame_new();
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = stage->to;
    frame->nb_samples = samples;
    frame->time_base = stage->stage.time_base;
    if (av_channel_layout_copy(&frame->ch_layout, &stage->layout) >= 0 &&
        av_frame_get_buffer(frame, 0) >= 0)
        return frame;
    av_frame_free(&frame);
    fail(failure, FAIL_MEMORY, "no memory for resampled sound");
    return NULL;
}

/* The next result: of `in`, or, when that is NULL, of what soxr still holds. */
static bool convert(struct resample_stage *stage, const AVFrame *in, struct failure *failure)
{
    int room = in ? swr_get_out_samples(stage->soxr, in->nb_samples) : BLOCK;
    AVFrame *out = block(stage, MAX(room, 1), failure);
    if (!out)
        return false;
    int got = swr_convert(stage->soxr, out->extended_data, out->nb_samples,
                          in ? (const uint8_t **)in->extended_data : NULL, in ? in->nb_samples : 0);
    if (got < 0) {
        av_frame_free(&out);
        return fail_av(failure, FAIL_INTERNAL, got, "soxr");
    }
    out->nb_samples = got;
    out->pts = stage->given;
    stage->slot.frame = out;
    return true;
}

/* What soxr gives beyond the end is cut, what it lacks is silence. */
static bool drain(struct resample_stage *stage, struct failure *failure)
{
    if (!convert(stage, NULL, failure))
        return false;
    AVFrame *frame = stage->slot.frame;
    int64_t left = due(stage) - stage->given;
    if (!frame->nb_samples && left > 0) {
        frame->nb_samples = (int)MIN(left, BLOCK);
        av_samples_set_silence(frame->extended_data, 0, frame->nb_samples,
                               frame->ch_layout.nb_channels, frame->format);
    }
    frame->nb_samples = (int)CLAMP(left, 0, frame->nb_samples);
    stage->draining = left > frame->nb_samples;
    return true;
}

static bool resample_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct resample_stage *stage = (struct resample_stage *)base;
    if (!frame) {
        stage->draining = true;
        return true;
    }
    stage->taken += frame->nb_samples;
    bool done = convert(stage, frame, failure);
    av_frame_free(&frame);
    return done;
}

static enum chain_got resample_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct resample_stage *stage = (struct resample_stage *)base;
    if (!stage->slot.frame && stage->draining) {
        if (!drain(stage, failure))
            return CHAIN_FAILED;
        stage->slot.ended = !stage->draining;
    }
    AVFrame *frame = stage->slot.frame;
    if (frame && !frame->nb_samples)
        av_frame_free(&stage->slot.frame);
    else if (frame)
        stage->given += frame->pkt_duration = frame->nb_samples;
    return slot_take(&stage->slot, out);
}

static void resample_destroy(struct stage *base)
{
    struct resample_stage *stage = (struct resample_stage *)base;
    av_frame_free(&stage->slot.frame);
    av_channel_layout_uninit(&stage->layout);
    swr_free(&stage->soxr);
}

static const struct stage_class resample_class = {"resample", resample_put, resample_get, NULL,
                                                  resample_destroy};

static bool open_soxr(struct resample_stage *stage, const char *layout, struct failure *failure)
{
    int error = av_channel_layout_from_string(&stage->layout, layout);
    if (error >= 0)
        error = swr_alloc_set_opts2(&stage->soxr, &stage->layout, AV_SAMPLE_FMT_FLTP, stage->to,
                                    &stage->layout, AV_SAMPLE_FMT_FLTP, stage->from, 0, NULL);
    if (error >= 0)
        error = av_opt_set_int(stage->soxr, "resampler", SWR_ENGINE_SOXR, 0);
    if (error >= 0)
        error = av_opt_set_double(stage->soxr, "precision", PRECISION, 0);
    if (error >= 0)
        error = swr_init(stage->soxr);
    return error >= 0 || fail_av(failure, FAIL_UNSUPPORTED, error, "from %d to %d Hz by soxr",
                                 stage->from, stage->to);
}

bool chain_resample(struct chain *chain, struct failure *failure, int rate_hz)
{
    if (rate_hz == chain->sound.rate)
        return true;
    if (!chain_sound_float(chain, failure))
        return false;
    chain_note(chain, "sound resampled from %d to %d Hz", chain->sound.rate, rate_hz);
    struct resample_stage *stage =
        chain_add(chain, &resample_class, sizeof(*stage), (AVRational){1, rate_hz});
    stage->from = chain->sound.rate;
    stage->to = chain->sound.rate = rate_hz;
    return open_soxr(stage, chain->sound.layout, failure);
}
