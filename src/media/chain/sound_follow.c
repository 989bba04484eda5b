/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that follows another clock, by libswresample's own resampler: soxr has one ratio alone. */
#include "sound_follow.h"

#include "private.h"

#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <math.h>

/* Twice as long as libswresample's own, for the highest tones. */
enum { WINDOW = 64 };
static const double settle_s = 0.5;

struct sound_follow {
    struct sound_queue *queue;
    SwrContext *resampler; /* NULL: nothing is held */
    int64_t taken, given;
};

struct sound_follow *sound_follow_create(struct sound_queue *queue)
{
    struct sound_follow *follow = g_new0(struct sound_follow, 1);
    follow->queue = queue;
    return follow;
}

void sound_follow_destroy(struct sound_follow *follow)
{
    if (follow)
        swr_free(&follow->resampler);
    g_free(follow);
}

static bool begin(struct sound_follow *follow, struct failure *failure)
{
    struct sound_queue *queue = follow->queue;
    if (follow->resampler)
        return true;
    int error = swr_alloc_set_opts2(&follow->resampler, &queue->layout, queue->format, queue->rate,
                                    &queue->layout, queue->format, queue->rate, 0, NULL);
    if (error >= 0)
        error = av_opt_set_int(follow->resampler, "flags", SWR_FLAG_RESAMPLE, 0);
    if (error >= 0)
        error = av_opt_set_int(follow->resampler, "filter_size", WINDOW, 0);
    if (error >= 0)
        error =
            av_opt_set_sample_fmt(follow->resampler, "internal_sample_fmt", AV_SAMPLE_FMT_DBLP, 0);
    if (error >= 0)
        error = swr_init(follow->resampler);
    return error >= 0 || fail_av(failure, FAIL_INTERNAL, error, "a resampler");
}

/* NULL: what is held. */
static bool convert(struct sound_follow *follow, const AVFrame *in, struct failure *failure)
{
    const int samples = in ? in->nb_samples : 0;
    const int room = swr_get_out_samples(follow->resampler, samples);
    if (room <= 0)
        return room == 0 || fail_av(failure, FAIL_INTERNAL, room, "a resampler");
    AVFrame *out =
        sound_silence(&follow->queue->layout, follow->queue->format, follow->queue->rate, room);
    if (!out)
        return fail(failure, FAIL_MEMORY, "no memory for resampled sound");
    const int got = swr_convert(follow->resampler, out->extended_data, out->nb_samples,
                                in ? (const uint8_t **)in->extended_data : NULL, samples);
    if (got <= 0) {
        av_frame_free(&out);
        return got == 0 || fail_av(failure, FAIL_INTERNAL, got, "a resampler");
    }
    sound_cut(out, 0, got);
    follow->given += got;
    sound_queue_add(follow->queue, out);
    return true;
}

bool sound_follow_put(struct sound_follow *follow, const AVFrame *frame, double late,
                      struct failure *failure)
{
    const int rate = follow->queue->rate;
    if (!begin(follow, failure))
        return false;
    const int error = swr_set_compensation(follow->resampler, (int)lrint(late / settle_s), rate);
    if (error < 0)
        return fail_av(failure, FAIL_INTERNAL, error, "a resampler");
    follow->taken += frame->nb_samples;
    return convert(follow, frame, failure);
}

bool sound_follow_end(struct sound_follow *follow, struct failure *failure)
{
    const bool given = !follow->resampler || convert(follow, NULL, failure);
    swr_free(&follow->resampler);
    return given;
}

int64_t sound_follow_held(const struct sound_follow *follow)
{
    return follow->resampler ? swr_get_delay(follow->resampler, follow->queue->rate) : 0;
}

int64_t sound_follow_made(const struct sound_follow *follow)
{
    return follow->given + sound_follow_held(follow) - follow->taken;
}
