/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whole numbers out of float sound: a stage that rounds as a sound file does (sound/quantise.c), so
 * that the same samples come out of every writer. */
#include "../sound/sndfile_private.h"
#include "media/frame.h"
#include "private.h"

struct quantise_stage {
    struct stage stage;
    struct slot slot;
    enum AVSampleFormat to;
    struct quantiser quantiser;
    int32_t *whole; /* interleaved */
    int room;
};

/* Left-justified 32 bits to the frame's format. */
static void store(AVFrame *out, const int32_t *whole)
{
    int channels = out->ch_layout.nb_channels;
    bool planar = av_sample_fmt_is_planar(out->format);
    bool small = av_get_bytes_per_sample(out->format) == 2;
    for (int i = 0; i < out->nb_samples; i++)
        for (int c = 0; c < channels; c++, whole++) {
            void *plane = out->extended_data[planar ? c : 0];
            int at = planar ? i : i * channels + c;
            if (small)
                ((int16_t *)plane)[at] = (int16_t)(*whole >> 16);
            else
                ((int32_t *)plane)[at] = *whole;
        }
}

static bool run(struct quantise_stage *stage, const AVFrame *in, AVFrame *out,
                struct failure *failure)
{
    int count = in->nb_samples * in->ch_layout.nb_channels;
    if (count > stage->room) {
        stage->room = count;
        stage->whole = g_renew(int32_t, stage->whole, count);
    }
    out->format = stage->to;
    out->nb_samples = in->nb_samples;
    if (av_frame_copy_props(out, in) < 0 ||
        av_channel_layout_copy(&out->ch_layout, &in->ch_layout) < 0 ||
        av_frame_get_buffer(out, 0) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for sound");
    out->sample_rate = in->sample_rate;
    if (!quantise(&stage->quantiser, in, stage->whole))
        return fail(failure, FAIL_INTERNAL, "sound of %s can't be made whole numbers",
                    av_get_sample_fmt_name(in->format));
    store(out, stage->whole);
    return true;
}

static bool quantise_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct quantise_stage *stage = (struct quantise_stage *)base;
    if (!frame) {
        stage->slot.ended = true;
        if (stage->quantiser.clipped)
            chain_note(base->chain, QUANTISE_CLIPPED, stage->quantiser.clipped);
        stage->quantiser.clipped = 0;
        return true;
    }
    stage->slot.frame = frame_new();
    bool done = run(stage, frame, stage->slot.frame, failure);
    av_frame_free(&frame);
    return done;
}

static enum chain_got quantise_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct quantise_stage *)stage)->slot, out);
}

static void quantise_destroy(struct stage *base)
{
    struct quantise_stage *stage = (struct quantise_stage *)base;
    av_frame_free(&stage->slot.frame);
    g_free(stage->whole);
}

static const struct stage_class quantise_class = {"quantise", quantise_put, quantise_get, NULL,
                                                  quantise_destroy};

void chain_quantise(struct chain *chain, enum AVSampleFormat to, int bits)
{
    struct quantise_stage *stage =
        chain_add(chain, &quantise_class, sizeof(*stage), chain->time_base);
    stage->to = to;
    quantiser_init(&stage->quantiser, bits, chain->sample_format);
    if (stage->quantiser.dither)
        chain_note(chain, QUANTISE_DITHERED);
    chain->sample_format = to;
}
