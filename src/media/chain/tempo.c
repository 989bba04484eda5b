/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound at another speed. */
#include "private.h"
#include "sound_queue.h"

#include <inttypes.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <math.h>

/* Rubber Band's windows of 2048 samples, twice as many above 48 kHz and so on. What begins suddenly
 * at t comes out at (t + ONSET) / factor - ONSET, measured with clicks and its version 3.1.2; and
 * TAIL behind the end, or as much as comes out as ONSET, brings out all of it. */
enum { ONSET = 1474, TAIL = 8192, WINDOWS_TO_HZ = 48000 };

/* --- what goes in is counted --- */

struct count_stage {
    struct stage stage;
    struct slot slot;
    int64_t samples;
};

static bool count_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct count_stage *stage = (struct count_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    stage->samples += frame ? frame->nb_samples : 0;
    return true;
}

static enum chain_got count_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct count_stage *)stage)->slot, out);
}

static void count_destroy(struct stage *stage)
{
    av_frame_free(&((struct count_stage *)stage)->slot.frame);
}

static const struct stage_class count_class = {"count", count_put, count_get, NULL, count_destroy};

/* --- and comes out as so much longer or shorter --- */

struct fit_stage {
    struct stage stage;
    const struct count_stage *count;
    struct sound_queue held;
    double factor;
    int64_t skip, given;
    int64_t short_most; /* samples that may be missing at the end: a window */
    bool ended;
};

static int64_t due(const struct fit_stage *fit)
{
    return llround((double)fit->count->samples / fit->factor) - fit->given;
}

static bool fit_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct fit_stage *fit = (struct fit_stage *)base;
    if (!frame) {
        const int64_t short_by = due(fit) - fit->held.samples;
        fit->ended = true;
        sound_queue_add_silence(&fit->held, short_by);
        return short_by <= fit->short_most ||
               fail(failure, FAIL_INTERNAL,
                    "%" PRId64 " samples don't come out of the change of speed", short_by);
    }
    sound_queue_add(&fit->held, frame);
    const int64_t skip = MIN(fit->skip, fit->held.samples);
    sound_queue_move(&fit->held, NULL, skip);
    fit->skip -= skip;
    return true;
}

static enum chain_got fit_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct fit_stage *fit = (struct fit_stage *)base;
    const int64_t samples = MIN(sound_queue_first(&fit->held), due(fit));
    if (samples <= 0)
        return fit->ended ? CHAIN_END : CHAIN_MORE;
    return sound_queue_give(&fit->held, samples, &fit->given, out, failure);
}

static void fit_destroy(struct stage *base)
{
    sound_queue_clear(&((struct fit_stage *)base)->held);
}

static const struct stage_class fit_class = {"fit", fit_put, fit_get, NULL, fit_destroy};

static bool add_fit(struct chain *chain, const struct count_stage *count, double factor,
                    int64_t skip, struct failure *failure)
{
    struct fit_stage *fit = chain_add(chain, &fit_class, sizeof(*fit), chain->time_base);
    AVChannelLayout layout = {0};
    fit->count = count;
    fit->factor = factor;
    fit->skip = skip;
    fit->short_most = llround((double)skip / factor);
    const bool known =
        av_channel_layout_from_string(&layout, chain->sound.layout) >= 0 &&
        sound_queue_init(&fit->held, &layout, chain->sample_format, chain->sound.rate);
    av_channel_layout_uninit(&layout);
    return known || fail(failure, FAIL_INTERNAL, "unknown channel layout %s", chain->sound.layout);
}

/* Silence before the start is as long as what is taken off again: at any factor an onset at t then
 * comes out at t / factor. */
static bool tempo(struct chain *chain, struct failure *failure, double factor)
{
    int64_t windows = 1;
    while (windows * WINDOWS_TO_HZ < chain->sound.rate)
        windows *= 2;
    const struct sound_shift around = {
        .head = ONSET * windows,
        .tail = MAX(TAIL * windows, llround(ONSET * windows * factor)),
    };
    const struct count_stage *count =
        chain_add(chain, &count_class, sizeof(*count), chain->time_base);
    char text[32];
    g_ascii_formatd(text, sizeof text, "%.9g", factor);
    return chain_shift(chain, failure, &around) &&
           chain_filter(chain, failure, "rubberband", "tempo", text, "channels", "together",
                        NULL) &&
           add_fit(chain, count, factor, ONSET * windows, failure);
}

/* As tape does. */
static bool tape(struct chain *chain, struct failure *failure, int faster_hz)
{
    char faster[16], same[16];
    g_snprintf(faster, sizeof faster, "%d", faster_hz);
    g_snprintf(same, sizeof same, "%d", chain->sound.rate);
    return chain_filter(chain, failure, "asetrate", "sample_rate", faster, NULL) &&
           chain_filter(chain, failure, "aresample", "sample_rate", same, "resampler", "soxr",
                        "precision", "28", NULL);
}

bool chain_speed_sound(struct chain *chain, struct failure *failure, double factor, bool rising)
{
    if (!(factor > 0))
        return fail(failure, FAIL_CONFIG, "not a speed: %g", factor);
    int rate = chain->sound.rate, faster_hz = (int)(rate * factor + 0.5);
    if (rising)
        factor = (double)faster_hz / rate;
    chain->retimed = true;
    chain->pace *= factor;
    chain->sound.duration_s /= factor;
    return rising ? tape(chain, failure, faster_hz) : tempo(chain, failure, factor);
}
