/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silence taken off both ends of sound. */
#include "../sound/sndfile_private.h"
#include "media/frame.h"
#include "private.h"
#include "sound_queue.h"

#include <math.h>

static const int64_t HELD_MAX = 64 << 20; /* bytes */

struct silence_stage {
    struct stage stage;
    struct sound_silence what;
    struct sound_queue ready, held; /* to give; quiet, and held back */
    int64_t keep, next;
    int64_t let_go; /* quiet samples that were too many to hold, since the last loud one */
    int64_t cut_start, cut_end;
    double pace; /* of the programme here */
    float threshold;
    float *samples; /* of a frame, interleaved */
    int room;
    bool begun, loud, ended;
};

/* Gives the first `samples` of what is held. */
static void release(struct silence_stage *stage, int64_t samples)
{
    sound_queue_move(&stage->held, &stage->ready, samples);
}

/* Forgets the first of what is held, but for the last `samples`. */
static void forget(struct silence_stage *stage, int64_t samples)
{
    int64_t over = stage->held.samples - samples;
    if (over <= 0)
        return;
    stage->cut_start += over;
    sound_queue_move(&stage->held, NULL, over);
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
    if (!is_zero(stage, (int64_t)first * channels, (int64_t)frame->nb_samples * channels)) {
        sound_queue_add(&stage->held, frame);
        return;
    }
    sound_queue_add_silence(&stage->held, frame->nb_samples);
    av_frame_free(&frame);
}

/* What is too much to hold is let go of as sound. */
static void let_go(struct silence_stage *stage)
{
    while (stage->held.bytes > HELD_MAX) {
        int64_t first = sound_queue_first(&stage->held);
        stage->let_go += first;
        release(stage, first);
    }
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
static void split(struct silence_stage *stage, const AVFrame *frame)
{
    int first, last;
    if (!find_loud(stage, frame, &first, &last)) {
        hold_part(stage, frame, 0, frame->nb_samples);
        if (!stage->loud && stage->what.start)
            forget(stage, stage->keep);
        let_go(stage);
        return;
    }
    if (!stage->loud && stage->what.start) {
        hold_part(stage, frame, 0, first);
        forget(stage, stage->keep);
    } else {
        first = 0;
    }
    stage->loud = true;
    stage->let_go = 0;
    release(stage, stage->held.samples);
    AVFrame *sound = frame_copy(frame);
    sound_cut(sound, first, last + 1 - first);
    sound_queue_add(&stage->ready, sound);
    hold_part(stage, frame, last + 1, frame->nb_samples - last - 1);
    let_go(stage);
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
    int64_t held = stage->held.samples;
    int64_t stays = stage->what.end ? MIN(stage->keep, held) : held;
    stage->cut_end = held - stays;
    stage->stage.chain->found_s += seconds(stage, stage->cut_start) * stage->pace;
    note(stage);
    release(stage, stays);
    return true;
}

/* Silence of the first frame's format and layout. */
static bool begin(struct silence_stage *stage, const AVFrame *frame)
{
    bool first = !stage->begun;
    stage->begun = true;
    return !first ||
           (sound_queue_init(&stage->ready, &frame->ch_layout, frame->format, frame->sample_rate) &&
            sound_queue_init(&stage->held, &frame->ch_layout, frame->format, frame->sample_rate));
}

static bool silence_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    if (!frame)
        return end(stage, failure);
    bool fine = begin(stage, frame) && read_samples(stage, frame);
    if (fine)
        split(stage, frame);
    av_frame_free(&frame);
    return fine || fail(failure, FAIL_INTERNAL, "unreadable samples");
}

static enum chain_got silence_get(struct stage *base, AVFrame *out, struct failure *failure)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    if (!stage->ready.samples)
        return stage->ended ? CHAIN_END : CHAIN_MORE;
    return sound_queue_give(&stage->ready, sound_queue_first(&stage->ready), &stage->next, out,
                            failure);
}

static void silence_destroy(struct stage *base)
{
    struct silence_stage *stage = (struct silence_stage *)base;
    sound_queue_clear(&stage->ready);
    sound_queue_clear(&stage->held);
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
    stage->what = *silence;
    stage->pace = chain->pace;
    stage->keep = llround(silence->keep_s * chain->sound.rate);
    stage->threshold = (float)pow(10, silence->threshold_dbfs / 20);
    chain->stepped = chain->retimed = chain->filtered = true;
    if (silence->start)
        chain->video.timecode[0] = '\0';
    return true;
}
