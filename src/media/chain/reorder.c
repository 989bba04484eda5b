/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another sample format that keeps every value, by libswresample. */
#include "media/frame.h"
#include "private.h"

#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>

struct reorder_stage {
    struct stage stage;
    struct slot slot;
    enum AVSampleFormat to;
    SwrContext *swr;
};

static bool run(struct reorder_stage *stage, const AVFrame *in, AVFrame *out)
{
    out->format = stage->to;
    out->nb_samples = in->nb_samples;
    return av_frame_copy_props(out, in) >= 0 &&
           av_channel_layout_copy(&out->ch_layout, &in->ch_layout) >= 0 &&
           av_frame_get_buffer(out, 0) >= 0 &&
           swr_convert(stage->swr, out->extended_data, out->nb_samples,
                       (const uint8_t **)in->extended_data, in->nb_samples) == in->nb_samples;
}

static bool reorder_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct reorder_stage *stage = (struct reorder_stage *)base;
    if (!frame) {
        stage->slot.ended = true;
        return true;
    }
    stage->slot.frame = frame_new();
    stage->slot.frame->sample_rate = frame->sample_rate;
    bool done = run(stage, frame, stage->slot.frame);
    av_frame_free(&frame);
    return done || fail(failure, FAIL_MEMORY, "no memory for sound in another format");
}

static enum chain_got reorder_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct reorder_stage *)base)->slot, out);
}

static void reorder_destroy(struct stage *base)
{
    struct reorder_stage *stage = (struct reorder_stage *)base;
    av_frame_free(&stage->slot.frame);
    swr_free(&stage->swr);
}

static const struct stage_class reorder_class = {"reorder", reorder_put, reorder_get, NULL,
                                                 reorder_destroy};

static int open_swr(SwrContext **swr, const struct chain *chain, enum AVSampleFormat to)
{
    AVChannelLayout layout = {0};
    int rate = chain->sound.rate,
        error = av_channel_layout_from_string(&layout, chain->sound.layout);
    if (error >= 0)
        error = swr_alloc_set_opts2(swr, &layout, to, rate, &layout, chain->sample_format, rate, 0,
                                    NULL);
    if (error >= 0)
        error = swr_init(*swr);
    av_channel_layout_uninit(&layout);
    return error;
}

bool chain_reorder(struct chain *chain, struct failure *failure, enum AVSampleFormat to)
{
    SwrContext *swr = NULL;
    if (to == chain->sample_format)
        return true;
    int error = open_swr(&swr, chain, to);
    if (error < 0)
        return fail_av(failure, FAIL_INTERNAL, error, "sound of %s (%s) can't become %s",
                       av_get_sample_fmt_name(chain->sample_format), chain->sound.layout,
                       av_get_sample_fmt_name(to));
    struct reorder_stage *stage =
        chain_add(chain, &reorder_class, sizeof(*stage), chain->time_base);
    stage->to = to;
    stage->swr = swr;
    chain->sample_format = to;
    return true;
}

bool chain_sound_float(struct chain *chain, struct failure *failure)
{
    return chain_reorder(chain, failure, AV_SAMPLE_FMT_FLTP);
}
