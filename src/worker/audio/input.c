/* SPDX-License-Identifier: GPL-3.0-or-later
 * The default sound of a source. */
#include "input.h"

#include "parts.h"

#include <math.h>

/* --- silence for a film without sound that is joined with others --- */

/* The first of the task's sources that has sound decides its form. */
static const struct facts *heard_first(const struct task *task)
{
    for (guint i = 0; i < task->parts->len; i++) {
        const struct facts *facts = task->parts->pdata[i];
        if (facts->channels > 0 && facts->sample_rate > 0)
            return facts;
    }
    return NULL;
}

static const char *layout_of(const struct facts *facts)
{
    AVChannelLayout usual = {0};
    char name[64] = "";
    av_channel_layout_default(&usual, facts->channels);
    av_channel_layout_describe(&usual, name, sizeof name);
    av_channel_layout_uninit(&usual);
    return g_intern_string(facts->channel_layout ? facts->channel_layout : name);
}

static bool open_mute(struct sound_input *input, const struct job *job, unsigned part,
                      struct failure *failure)
{
    const struct task *task = job->task;
    const struct facts *like = task_joins(task) ? heard_first(task) : NULL;
    const struct facts *film = like ? task->parts->pdata[part] : NULL;
    const double picture_s = film ? facts_picture_s(film) : NAN;
    if (isnan(picture_s))
        return true;
    const enum AVSampleFormat format = av_get_sample_fmt(like->sample_format);
    const struct sound_shape shape = {.rate = like->sample_rate,
                                      .channels = like->channels,
                                      .layout = layout_of(like),
                                      .duration_s = picture_s};
    const struct chain_input how = {.time_base = {1, shape.rate},
                                    .threads = 1,
                                    .sound = &shape,
                                    .sample_format =
                                        format == AV_SAMPLE_FMT_NONE ? AV_SAMPLE_FMT_FLTP : format,
                                    .picture_fps = film->fps};
    input->mute = chain_create_sound(&how, failure);
    input->end = llround(picture_s * shape.rate);
    return input->mute != NULL;
}

static enum source_got next_mute(struct sound_input *input, AVFrame *frame, struct failure *failure)
{
    enum { MOST = 4096 };
    if (input->at >= input->end)
        return SOURCE_END;
    AVFrame *silence = chain_silence(input->mute, (int)MIN(input->end - input->at, MOST));
    if (!silence) {
        fail(failure, FAIL_MEMORY, "no memory for sound");
        return SOURCE_FAILED;
    }
    silence->pts = input->at;
    input->at += silence->nb_samples;
    av_frame_unref(frame);
    av_frame_move_ref(frame, silence);
    av_frame_free(&silence);
    return SOURCE_FRAME;
}

/* --- any --- */

static bool open_source(struct sound_input *input, const struct job *job, unsigned part,
                        struct failure *failure)
{
    const struct source_opts opts = job_source_opts(job, part, 1);
    input->source = source_open(job->fds[part], &opts, failure);
    if (!input->source)
        return false;
    input->stream = source_sound(input->source);
    return input->stream < 0 ? open_mute(input, job, part, failure)
                             : source_use(input->source, input->stream, SOURCE_DECODE, failure);
}

struct sound_file *sound_input_file(const struct job *job, unsigned part)
{
    const struct task *task = job->task;
    const struct facts *facts = task_joins(task) ? task->parts->pdata[part] : task->source;
    bool known = facts && facts->codec;
    return !known || facts_sound_is_plain(facts) ? sound_file_open(job->fds[part]) : NULL;
}

bool sound_input_open(struct sound_input *input, const struct job *job, unsigned part,
                      struct failure *failure)
{
    *input = (struct sound_input){.stream = -1};
    if (job->task->media == KIND_AUDIO)
        input->file = sound_input_file(job, part);
    if (input->file || open_source(input, job, part, failure))
        return true;
    sound_part_blame(job->task, part, failure);
    sound_input_close(input);
    return false;
}

void sound_input_close(struct sound_input *input)
{
    sound_file_close(input->file);
    chain_destroy(input->mute);
    source_close(input->source);
    *input = (struct sound_input){.stream = -1};
}

bool sound_input_has_sound(const struct sound_input *input)
{
    return input->file || input->stream >= 0 || input->mute;
}

static int main_stream(const struct sound_input *input)
{
    int picture = source_picture(input->source);
    return picture >= 0 ? picture : input->stream;
}

double sound_input_start(const struct sound_input *input)
{
    if (input->file)
        return 0;
    double start_s = source_stream(input->source, main_stream(input))->start_s;
    return isfinite(start_s) ? start_s : 0;
}

struct chain *sound_input_chain(const struct sound_input *input, struct failure *failure)
{
    if (input->file)
        return chain_create_file(input->file, failure);
    if (input->mute)
        return chain_branch(input->mute, failure);
    return chain_create_source(input->source, input->stream, source_picture(input->source),
                               sound_input_start(input), failure);
}

enum source_got sound_input_next(struct sound_input *input, AVFrame *frame, struct failure *failure)
{
    struct source_item item;
    if (input->file)
        return sound_file_next(input->file, frame, failure);
    if (input->mute)
        return next_mute(input, frame, failure);
    enum source_got got;
    do
        got = source_next(input->source, &item, failure);
    while (got == SOURCE_PACKET || (got == SOURCE_FRAME && item.stream != input->stream));
    if (got == SOURCE_FRAME) {
        av_frame_unref(frame);
        if (av_frame_ref(frame, item.frame) < 0) {
            fail(failure, FAIL_MEMORY, "no memory for sound");
            return SOURCE_FAILED;
        }
    }
    return got;
}

const AVDictionary *sound_input_tags(const struct sound_input *input)
{
    return input->file ? sound_file_tags(input->file) : source_format(input->source)->metadata;
}

double sound_input_progress(const struct sound_input *input)
{
    return input->file ? sound_file_progress(input->file) : source_progress(input->source);
}

void sound_input_health(const struct sound_input *input, struct source_health *health)
{
    if (input->file)
        sound_file_health(input->file, health);
    else
        source_health(input->source, health);
}
