/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of sound: their start, where times become sample counts, and their end, where samples
 * become what an encoder takes. */
#include "../signal/sound_clock.h"
#include "media/frame.h"
#include "media/matrix.h"
#include "private.h"
#include "sound_follow.h"
#include "sound_queue.h"

#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
#include <math.h>

/* Time stamps may be off by this much before the sound is taken to have a hole. Overlaps are only
 * wrong time stamps: no sound is cut for them. */
static const double jitter_s = 0.04;

struct sound_start {
    struct stage stage;
    struct sound_queue ready;
    double start_s;
    AVRational in;
    enum AVSampleFormat format; /* that goes out, with this layout */
    AVChannelLayout layout;
    SwrContext *convert; /* when the decoder gives another one than the container said */
    AVChannelLayout convert_from;
    enum AVSampleFormat convert_format;
    int64_t next;  /* the sample that is due; before the first frame 0 */
    int64_t given; /* samples */
    bool begun, ended;
    struct chain *other; /* from another rate in the middle; NULL none */
    int other_rate;      /* 0 none */
    double other_s;      /* of the source, where it began */
    int64_t lead,
        filled;    /* samples of silence put before the first sound, and where it has holes */
    int64_t early; /* of sound before the programme */
    struct sound_clock clock;
    struct sound_follow *follow;
    double apart_s; /* of the programme, where it began to follow its clock; NAN it doesn't */
};

void sound_cut(AVFrame *frame, int skip, int keep)
{
    int bytes = av_get_bytes_per_sample(frame->format);
    bool planar = av_sample_fmt_is_planar(frame->format);
    int planes = planar ? frame->ch_layout.nb_channels : 1;
    int step = planar ? bytes : bytes * frame->ch_layout.nb_channels;
    for (int i = 0; i < planes; i++)
        frame->extended_data[i] += (ptrdiff_t)skip * step;
    if (frame->extended_data != frame->data)
        for (int i = 0; i < MIN(planes, AV_NUM_DATA_POINTERS); i++)
            frame->data[i] = frame->extended_data[i];
    frame->nb_samples = keep;
    frame->pts += skip;
    frame->pkt_duration = keep;
}

AVFrame *sound_silence(const AVChannelLayout *layout, enum AVSampleFormat format, int rate,
                       int64_t samples)
{
    AVFrame *frame = frame_new();
    frame->format = format;
    frame->sample_rate = rate;
    frame->nb_samples = (int)samples;
    frame->pkt_duration = samples;
    if (av_channel_layout_copy(&frame->ch_layout, layout) < 0 ||
        av_frame_get_buffer(frame, 0) < 0) {
        av_frame_free(&frame);
        return NULL;
    }
    av_samples_set_silence(frame->extended_data, 0, frame->nb_samples, frame->ch_layout.nb_channels,
                           frame->format);
    return frame;
}

AVFrame *chain_silence(const struct chain *chain, int samples)
{
    AVChannelLayout layout = {0};
    AVFrame *frame = NULL;
    if (av_channel_layout_from_string(&layout, chain->sound.layout) >= 0)
        frame = sound_silence(&layout, chain->sample_format, chain->sound.rate, samples);
    av_channel_layout_uninit(&layout);
    return frame;
}

/* A layout without order means the usual one for its count. */
static bool name_channels(const struct sound_start *start, AVFrame *frame)
{
    AVChannelLayout *layout = &frame->ch_layout;
    int count = layout->nb_channels;
    if (layout->order != AV_CHANNEL_ORDER_UNSPEC)
        return true;
    if (count == start->layout.nb_channels)
        return av_channel_layout_copy(layout, &start->layout) >= 0;
    av_channel_layout_default(layout, count);
    return layout->order != AV_CHANNEL_ORDER_UNSPEC;
}

static bool as_built(const struct sound_start *start, const AVFrame *frame)
{
    return frame->format == start->format &&
           av_channel_layout_compare(&frame->ch_layout, &start->layout) == 0;
}

/* By our own matrix, never by one of libswresample's. */
static bool set_matrix(struct sound_start *start, const AVFrame *frame)
{
    char from[64] = "", to[64] = "";
    g_autofree char *stranger = NULL;
    if (av_channel_layout_compare(&frame->ch_layout, &start->layout) == 0)
        return true;
    av_channel_layout_describe(&frame->ch_layout, from, sizeof from);
    av_channel_layout_describe(&start->layout, to, sizeof to);
    g_auto(matrix_ptr) matrix = matrix_mix(from, to, &matrix_bs_775, &stranger);
    return matrix && swr_set_matrix(start->convert, matrix->factor, matrix->inputs) >= 0;
}

static bool open_convert(struct sound_start *start, AVFrame *frame)
{
    if (start->convert && frame->format == start->convert_format &&
        av_channel_layout_compare(&frame->ch_layout, &start->convert_from) == 0)
        return true;
    swr_free(&start->convert);
    start->convert_format = frame->format;
    return av_channel_layout_copy(&start->convert_from, &frame->ch_layout) >= 0 &&
           swr_alloc_set_opts2(&start->convert, &start->layout, start->format, frame->sample_rate,
                               &frame->ch_layout, frame->format, frame->sample_rate, 0,
                               NULL) >= 0 &&
           set_matrix(start, frame) && swr_init(start->convert) >= 0;
}

/* The same samples in the format and layout the chain was built for. */
static AVFrame *reformat(struct sound_start *start, AVFrame *frame)
{
    AVFrame *out = av_frame_alloc();
    if (!out || av_frame_copy_props(out, frame) < 0 ||
        av_channel_layout_copy(&out->ch_layout, &start->layout) < 0 || !open_convert(start, frame))
        goto failed;
    out->format = start->format;
    out->sample_rate = frame->sample_rate;
    if (swr_convert_frame(start->convert, out, frame) >= 0)
        return out;
failed:
    av_frame_free(&out);
    return NULL;
}

static void note_change(const struct sound_start *start, const AVFrame *frame)
{
    char from[64] = "", to[64] = "";
    if (av_channel_layout_compare(&frame->ch_layout, &start->layout) == 0 ||
        av_channel_layout_compare(&frame->ch_layout, &start->convert_from) == 0)
        return;
    av_channel_layout_describe(&frame->ch_layout, from, sizeof from);
    av_channel_layout_describe(&start->layout, to, sizeof to);
    chain_note(start->stage.chain, "from %.3f s on the sound is %s: mixed to %s",
               frame->pts * av_q2d(start->in), from, to);
}

/* At a sample of the programme. */
static void place_at(struct sound_start *start, AVFrame *frame, int64_t at)
{
    int64_t off = at - start->next;
    if (start->begun && off <= jitter_s * frame->sample_rate)
        off = 0;
    if (off > 0) {
        *(start->begun ? &start->filled : &start->lead) += off;
        start->next += off;
        sound_queue_add_silence(&start->ready, off);
    }
    int64_t skip = off < 0 ? -off : 0;
    start->early += MIN(skip, frame->nb_samples);
    if (skip >= frame->nb_samples)
        return;
    start->begun = true;
    sound_cut(frame, skip, frame->nb_samples - skip);
    start->next += frame->nb_samples;
    sound_queue_add(&start->ready, frame_copy(frame));
}

static bool follow_clock(struct sound_start *start, const AVFrame *frame, struct failure *failure)
{
    const int64_t made = sound_follow_made(start->follow), waiting = start->ready.samples;
    if (isnan(start->apart_s))
        start->apart_s = start->next * av_q2d(start->stage.time_base);
    const bool followed =
        sound_follow_put(start->follow, frame, start->clock.apart - (double)made, failure);
    start->next += start->ready.samples - waiting;
    return followed;
}

static bool end_following(struct sound_start *start, struct failure *failure)
{
    const int64_t waiting = start->ready.samples;
    const bool ended = sound_follow_end(start->follow, failure);
    start->next += start->ready.samples - waiting;
    return ended;
}

/* Sound that has begun goes on as it is, unless its clock runs apart, or it has a hole. */
static bool place(struct sound_start *start, AVFrame *frame, struct failure *failure)
{
    const double at_s = frame->pts * av_q2d(start->in) - start->start_s;
    const int64_t at = llround(at_s * frame->sample_rate);
    const int64_t off = at - start->next - sound_follow_held(start->follow);
    if (start->begun)
        sound_clock_see(&start->clock, off + sound_follow_made(start->follow), frame->nb_samples);
    if (start->clock.runs_apart && off <= jitter_s * frame->sample_rate)
        return follow_clock(start, frame, failure);
    if (!end_following(start, failure))
        return false;
    place_at(start, frame, at);
    return true;
}

/* --- another rate in the middle --- */

static bool drain_other(struct sound_start *start, bool end, struct failure *failure)
{
    enum chain_got got;
    int rate = start->stage.time_base.den;
    if (end && !chain_push(start->other, NULL, failure))
        return false;
    do {
        AVFrame *out = frame_new();
        got = chain_pull(start->other, out, failure);
        if (got == CHAIN_FRAME)
            place_at(start, out, llround((start->other_s - start->start_s) * rate) + out->pts);
        av_frame_free(&out);
    } while (got == CHAIN_FRAME);
    return got != CHAIN_FAILED;
}

static bool close_other(struct sound_start *start, struct failure *failure)
{
    bool drained = !start->other || drain_other(start, true, failure);
    chain_destroy(g_steal_pointer(&start->other));
    start->other_rate = 0;
    return drained;
}

static bool open_other(struct sound_start *start, const AVFrame *frame, struct failure *failure)
{
    char from[64] = "", to[64] = "";
    av_channel_layout_describe(&frame->ch_layout, from, sizeof from);
    av_channel_layout_describe(&start->layout, to, sizeof to);
    const struct sound_shape shape = {.rate = frame->sample_rate,
                                      .channels = frame->ch_layout.nb_channels,
                                      .layout = from,
                                      .duration_s = NAN};
    start->other_rate = frame->sample_rate;
    start->other_s = frame->pts * av_q2d(start->in);
    const struct chain_input input = {.time_base = start->in,
                                      .start_s = start->other_s,
                                      .threads = 1,
                                      .sound = &shape,
                                      .sample_format = frame->format,
                                      .picture_fps = {0, 1}};
    chain_note(start->stage.chain, "%.3f s: %d Hz becomes %d Hz: resampled to what came first",
               start->other_s, start->stage.time_base.den, frame->sample_rate);
    start->other = chain_create_sound(&input, failure);
    return start->other && chain_deliver_sound(start->other, failure, start->format,
                                               start->stage.time_base.den, to);
}

/* Takes a frame of another rate than the first. */
static bool take_other(struct sound_start *start, const AVFrame *frame, struct failure *failure)
{
    if (!start->stage.chain->fits_changes)
        return fail(failure, FAIL_UNSUPPORTED,
                    "%.3f s: %d Hz becomes %d Hz: the sound changes in the middle; with `inputs: "
                    "{on_change: conform}` what follows is resampled to what came first, or split "
                    "the file there",
                    frame->pts * av_q2d(start->in), start->stage.time_base.den, frame->sample_rate);
    bool same = start->other_rate == frame->sample_rate;
    return (same || (close_other(start, failure) && open_other(start, frame, failure))) &&
           chain_push(start->other, frame, failure) && drain_other(start, false, failure);
}

static void note_clock(const struct sound_start *start)
{
    const double made_s = (double)sound_follow_made(start->follow) / start->stage.time_base.den;
    if (!isnan(start->apart_s))
        chain_note(start->stage.chain,
                   "sound kept in sync: its times run apart from its samples, so that from %.3f s "
                   "on it is made %.3f s %s: resampled little by little",
                   start->apart_s, fabs(made_s), made_s < 0 ? "shorter" : "longer");
}

static bool end_sound(struct sound_start *start, struct failure *failure)
{
    bool closed = close_other(start, failure) && end_following(start, failure);
    note_clock(start);
    double early_s = start->early * av_q2d(start->stage.time_base);
    if (early_s > jitter_s)
        chain_note(start->stage.chain, "dropped: %.2f s of sound before the first picture",
                   early_s);
    start->ended = true;
    return closed;
}

static bool sound_start_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct sound_start *start = (struct sound_start *)stage;
    if (!frame)
        return end_sound(start, failure);
    bool named = name_channels(start, frame);
    if (named && frame->sample_rate != start->stage.time_base.den) {
        bool taken = take_other(start, frame, failure);
        av_frame_free(&frame);
        return taken;
    }
    if (!close_other(start, failure)) {
        av_frame_free(&frame);
        return false;
    }
    if (!named || !as_built(start, frame)) {
        note_change(start, frame);
        AVFrame *same = named ? reformat(start, frame) : NULL;
        av_frame_free(&frame);
        frame = same;
    }
    if (!frame)
        return fail(failure, FAIL_UNSUPPORTED,
                    "the sound changes its channels in the middle, and there is no rule for "
                    "mixing them");
    const bool placed = place(start, frame, failure);
    av_frame_free(&frame);
    return placed;
}

static enum chain_got sound_start_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    struct sound_start *start = (struct sound_start *)stage;
    if (!start->ready.samples)
        return start->ended ? CHAIN_END : CHAIN_MORE;
    return sound_queue_give(&start->ready, sound_queue_first(&start->ready), &start->given, out,
                            failure);
}

static void sound_start_destroy(struct stage *stage)
{
    struct sound_start *start = (struct sound_start *)stage;
    sound_queue_clear(&start->ready);
    sound_follow_destroy(start->follow);
    swr_free(&start->convert);
    chain_destroy(start->other);
    av_channel_layout_uninit(&start->layout);
    av_channel_layout_uninit(&start->convert_from);
}

static const struct stage_class sound_start_class = {"start", sound_start_put, sound_start_get,
                                                     NULL, sound_start_destroy};

struct chain *chain_create_sound(const struct chain_input *input, struct failure *failure)
{
    if (input->sound->rate <= 0 || input->sound->channels <= 0) {
        fail(failure, FAIL_INPUT_DAMAGED,
             "nothing of the sound track can be decoded (is the file cut short?)");
        return NULL;
    }
    struct chain *chain = chain_new(AVMEDIA_TYPE_AUDIO, input->threads);
    chain->sound = *input->sound;
    chain->sample_format = input->sample_format;
    chain->video.fps = input->picture_fps;
    chain->offset_s = chain->from_s = input->start_s;
    struct sound_start *start =
        chain_add(chain, &sound_start_class, sizeof(*start), (AVRational){1, input->sound->rate});
    start->format = input->sample_format;
    if (av_channel_layout_from_string(&start->layout, input->sound->layout) < 0 ||
        start->layout.nb_channels != input->sound->channels)
        start->layout = (AVChannelLayout){.order = AV_CHANNEL_ORDER_UNSPEC,
                                          .nb_channels = input->sound->channels};
    sound_queue_init(&start->ready, &start->layout, start->format, input->sound->rate);
    start->in = input->time_base;
    start->start_s = input->start_s;
    start->clock.rate = input->sound->rate;
    start->follow = sound_follow_create(&start->ready);
    start->apart_s = NAN;
    if (input->sound->assumed && input->sound->channels > 2 &&
        start->layout.order != AV_CHANNEL_ORDER_UNSPEC)
        chain_note(chain,
                   "the source doesn't say what its %d channels are: taken as %s; a step such as "
                   "channels: {map: [1, 2]} takes some by number",
                   input->sound->channels, input->sound->layout);
    return chain;
}

static struct sound_start *start_of(const struct chain *chain)
{
    struct sound_start *start = chain->stages->len ? chain->stages->pdata[0] : NULL;
    return start && start->stage.class == &sound_start_class ? start : NULL;
}

void chain_begin_silent(struct chain *chain, double silent_s)
{
    struct sound_start *start = start_of(chain);
    if (!start || start->begun)
        return;
    int64_t more = MAX((int64_t)(silent_s * start->stage.time_base.den) - start->next, 0);
    start->lead += more;
    start->next += more;
    sound_queue_add_silence(&start->ready, more);
}

int64_t chain_sound_filled(const struct chain *chain, double from_s)
{
    const struct sound_start *start = start_of(chain);
    if (!start)
        return 0;
    int64_t before = llround((from_s - start->start_s) * start->stage.time_base.den);
    return start->filled + MAX(start->lead - MAX(before, 0), 0);
}

static bool remix(struct chain *chain, struct failure *failure, const char *layout)
{
    const struct sound_mix mix = {
        .layout = layout, .center_db = NAN, .surround_db = NAN, .lfe_db = NAN};
    return !layout || !strcmp(layout, chain->sound.layout) || chain_mix_to(chain, failure, &mix);
}

bool chain_deliver_sound(struct chain *chain, struct failure *failure,
                         enum AVSampleFormat sample_format, int rate, const char *layout)
{
    if (!remix(chain, failure, layout) || (rate && !chain_resample(chain, failure, rate)))
        return false;
    if (sample_format == AV_SAMPLE_FMT_NONE || chain->sample_format == sample_format)
        return true;
    enum AVSampleFormat to = av_get_packed_sample_fmt(sample_format);
    enum AVSampleFormat from = av_get_packed_sample_fmt(chain->sample_format);
    bool whole = to == AV_SAMPLE_FMT_S16 || to == AV_SAMPLE_FMT_S32;
    bool real = from == AV_SAMPLE_FMT_FLT || from == AV_SAMPLE_FMT_DBL;
    if (!whole || !(real || (from == AV_SAMPLE_FMT_S32 && to == AV_SAMPLE_FMT_S16)))
        return chain_reorder(chain, failure, sample_format);
    chain_quantise(chain, sample_format, to == AV_SAMPLE_FMT_S16 ? 16 : 32);
    return true;
}

void chain_deliver_bits(struct chain *chain, int bits)
{
    bool wide = av_get_packed_sample_fmt(chain->sample_format) == AV_SAMPLE_FMT_S32;
    if (wide && bits < 32)
        chain_quantise(chain, chain->sample_format, bits);
}
