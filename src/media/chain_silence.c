/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silence taken off both ends of sound. */
#include "chain_private.h"
#include "media/frame.h"
#include "sndfile_private.h"

#include <math.h>

static const int64_t HELD_MAX = 64 << 20; /* bytes */

/* A quiet stretch that is held back: a frame, or so many samples of nothing. */
struct quiet {
    AVFrame *frame;
    int64_t zeros;
};

struct silence_stage {
    struct stage stage;
    struct sound_silence what;
    GQueue ready, held;
    int64_t keep, in_hand, bytes, next;
    int64_t let_go; /* quiet samples that were too many to hold, since the last loud one */
    int64_t cut_start, cut_end;
    double pace; /* of the programme here */
    float threshold;
    float *samples; /* of a frame, interleaved */
    int room;
    AVFrame *like; /* has the format and layout */
    bool loud, ended;
};

static void quiet_free(struct quiet *quiet)
{
    av_frame_free(&quiet->frame);
    g_free(quiet);
}

static int64_t quiet_samples(const struct quiet *quiet)
{
    return quiet->frame ? quiet->frame->nb_samples : quiet->zeros;
}

static int64_t frame_bytes(const AVFrame *frame)
{
    return (int64_t)frame->nb_samples * frame->ch_layout.nb_channels *
           av_get_bytes_per_sample(frame->format);
}

static void give(struct silence_stage *stage, AVFrame *frame)
{
    frame->pts = stage->next;
    stage->next += frame->nb_samples;
    g_queue_push_tail(&stage->ready, frame);
}

static bool give_zeros(struct silence_stage *stage, int64_t samples, struct failure *failure)
{
    int rate = stage->like->sample_rate;
    for (; samples > 0; samples -= MIN(samples, rate)) {
        AVFrame *frame =
            sound_silence(&stage->like->ch_layout, stage->like->format, rate, MIN(samples, rate));
        if (!frame)
            return fail(failure, FAIL_MEMORY, "no memory for silence");
        give(stage, frame);
    }
    return true;
}

static struct quiet *pop(struct silence_stage *stage)
{
    struct quiet *quiet = g_queue_pop_head(&stage->held);
    stage->in_hand -= quiet_samples(quiet);
    stage->bytes -= quiet->frame ? frame_bytes(quiet->frame) : 0;
    return quiet;
}

/* Gives the first `samples` of what is held. */
static bool release(struct silence_stage *stage, int64_t samples, struct failure *failure)
{
    bool fine = true;
    while (fine && samples > 0 && stage->held.length) {
        struct quiet *quiet = pop(stage);
        int64_t count = MIN(samples, quiet_samples(quiet));
        samples -= count;
        if (quiet->frame) {
            sound_cut(quiet->frame, 0, (int)count);
            give(stage, g_steal_pointer(&quiet->frame));
        } else {
            fine = give_zeros(stage, count, failure);
        }
        quiet_free(quiet);
    }
    return fine;
}

/* Forgets the first of what is held, but for the last `samples`. */
static void forget(struct silence_stage *stage, int64_t samples)
{
    while (stage->in_hand > samples) {
        struct quiet *first = g_queue_peek_head(&stage->held);
        int64_t over = MIN(stage->in_hand - samples, quiet_samples(first));
        stage->cut_start += over;
        if (over == quiet_samples(first)) {
            quiet_free(pop(stage));
            continue;
        }
        stage->in_hand -= over;
        if (first->frame) {
            stage->bytes -= frame_bytes(first->frame);
            sound_cut(first->frame, (int)over, first->frame->nb_samples - (int)over);
            stage->bytes += frame_bytes(first->frame);
        } else {
            first->zeros -= over;
        }
    }
}

static bool is_zero(const struct silence_stage *stage, int64_t from, int64_t count)
{
    for (int64_t i = from; i < from + count; i++)
        if (stage->samples[i] != 0)
            return false;
    return true;
}

/* Takes the frame, whose samples are read. */
static void hold(struct silence_stage *stage, AVFrame *frame, int first)
{
    int channels = frame->ch_layout.nb_channels;
    bool zero = is_zero(stage, (int64_t)first * channels, (int64_t)frame->nb_samples * channels);
    struct quiet *last = g_queue_peek_tail(&stage->held);
    stage->in_hand += frame->nb_samples;
    if (zero && last && !last->frame) {
        last->zeros += frame->nb_samples;
        av_frame_free(&frame);
        return;
    }
    struct quiet *quiet = g_new0(struct quiet, 1);
    if (zero) {
        quiet->zeros = frame->nb_samples;
        av_frame_free(&frame);
    } else {
        quiet->frame = frame;
        stage->bytes += frame_bytes(frame);
    }
    g_queue_push_tail(&stage->held, quiet);
}

/* What is too much to hold is let go of as sound. */
static bool let_go(struct silence_stage *stage, struct failure *failure)
{
    while (stage->bytes > HELD_MAX) {
        int64_t first = quiet_samples(g_queue_peek_head(&stage->held));
        stage->let_go += first;
        if (!release(stage, first, failure))
            return false;
    }
    return true;
}

static bool is_loud(const struct silence_stage *stage, int channels, int sample)
{
    for (int c = 0; c < channels; c++)
        if (fabsf(stage->samples[(int64_t)sample * channels + c]) >= stage->threshold)
            return true;
    return false;
}

/* The first and the last loud sample; false when there is none. */
static bool find_loud(const struct silence_stage *stage, const AVFrame *frame, int *first,
                      int *last)
{
    int channels = frame->ch_layout.nb_channels;
    for (*first = 0; *first < frame->nb_samples && !is_loud(stage, channels, *first);)
        ++*first;
    if (*first == frame->nb_samples)
        return false;
    for (*last = frame->nb_samples - 1; !is_loud(stage, channels, *last);)
        --*last;
    return true;
}

static bool read_samples(struct silence_stage *stage, const AVFrame *frame)
{
    int count = frame->nb_samples * frame->ch_layout.nb_channels;
    if (count > stage->room) {
        stage->room = count;
        stage->samples = g_renew(float, stage->samples, count);
    }
    if (!stage->like)
        stage->like = frame_copy(frame);
    return sound_floats(frame, stage->samples);
}

static void hold_part(struct silence_stage *stage, const AVFrame *frame, int from, int count)
{
    if (count <= 0)
        return;
    AVFrame *part = frame_copy(frame);
    sound_cut(part, from, count);
    hold(stage, part, from);
}

/* Up to the last loud sample all is programme; what is quiet behind it may be the end. */
static bool split(struct silence_stage *stage, AVFrame *frame, struct failure *failure)
{
    int first, last;
    if (!find_loud(stage, frame, &first, &last)) {
        hold_part(stage, frame, 0, frame->nb_samples);
        if (!stage->loud && stage->what.start)
            forget(stage, stage->keep);
        return let_go(stage, failure);
    }
    if (!stage->loud && stage->what.start) {
        hold_part(stage, frame, 0, first);
        forget(stage, stage->keep);
    } else {
        first = 0;
    }
    stage->loud = true;
    stage->let_go = 0;
    if (!release(stage, stage->in_hand, failure))
        return false;
    AVFrame *sound = frame_copy(frame);
    sound_cut(sound, first, last + 1 - first);
    give(stage, sound);
    hold_part(stage, frame, last + 1, frame->nb_samples - last - 1);
    return let_go(stage, failure);
}

static double seconds(const struct silence_stage *stage, int64_t samples)
{
    return (double)samples / stage->stage.time_base.den;
}

static void note(const struct silence_stage *stage)
{
    struct chain *chain = stage->stage.chain;
    if (stage->cut_start || stage->cut_end)
        chain_note(chain, "silence below %g dBFS cut: %.3f s at the start, %.3f s at the end",
                   stage->what.threshold_dbfs, seconds(stage, stage->cut_start),
                   seconds(stage, stage->cut_end));
    else
        chain_note(chain, "no silence below %g dBFS to cut", stage->what.threshold_dbfs);
    if (stage->let_go && stage->what.end)
        chain_note(
            chain,
            "silence: %.1f s more at the end are quiet, but not silent, and too much to hold "
            "back: cut them with a `trim` step",
            seconds(stage, stage->let_go));
}

static bool end(struct silence_stage *stage, struct failure *failure)
{
    if (stage->ended)
        return true;
    stage->ended = true;
    if (!stage->loud)
        return fail(failure, FAIL_CONFIG,
                    "silence: nothing is louder than %g dBFS, so nothing would be left: lower "
                    "`threshold`, or leave the step out for this file",
                    stage->what.threshold_dbfs);
    int64_t stays = stage->what.end ? MIN(stage->keep, stage->in_hand) : stage->in_hand;
    stage->cut_end = stage->in_hand - stays;
    stage->stage.chain->found_s += seconds(stage, stage->cut_start) * stage->pace;
    note(stage);
    return release(stage, stays, failure);
}

static bool silence_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    if (!frame)
        return end(stage, failure);
    bool fine = read_samples(stage, frame) ? split(stage, frame, failure)
                                           : fail(failure, FAIL_INTERNAL, "unreadable samples");
    av_frame_free(&frame);
    return fine;
}

static enum chain_got silence_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    AVFrame *frame = g_queue_pop_head(&stage->ready);
    if (!frame)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

static void silence_destroy(struct stage *base)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    for (AVFrame *frame; (frame = g_queue_pop_head(&stage->ready));)
        av_frame_free(&frame);
    for (struct quiet *quiet; (quiet = g_queue_pop_head(&stage->held));)
        quiet_free(quiet);
    av_frame_free(&stage->like);
    g_free(stage->samples);
}

static const struct stage_class silence_class = {"silence", silence_put, silence_get, NULL,
                                                 silence_destroy};

bool chain_trim_silence(struct chain *chain, struct failure *failure,
                        const struct sound_silence *silence)
{
    enum AVSampleFormat packed = av_get_packed_sample_fmt(chain->sample_format);
    bool readable = packed == AV_SAMPLE_FMT_S16 || packed == AV_SAMPLE_FMT_S32 ||
                    packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL;
    if (!readable && !chain_sound_float(chain, failure))
        return false;
    struct silence_stage *stage =
        chain_add(chain, &silence_class, sizeof(*stage), chain->time_base);
    g_queue_init(&stage->ready);
    g_queue_init(&stage->held);
    stage->what = *silence;
    stage->pace = chain->pace;
    stage->keep = llround(silence->keep_s * chain->sound.rate);
    stage->threshold = (float)pow(10, silence->threshold_dbfs / 20);
    chain->stepped = chain->retimed = chain->filtered = true;
    return true;
}
