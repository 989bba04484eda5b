/* SPDX-License-Identifier: GPL-3.0-or-later
 * The default sound of a source. */
#include "input.h"

#include "parts.h"

#include <math.h>

static bool open_source(struct sound_input *input, const struct job *job, unsigned part,
                        struct failure *failure)
{
    const struct source_opts opts = job_source_opts(job, part, 1);
    input->source = source_open(job->fds[part], &opts, failure);
    if (!input->source)
        return false;
    input->stream = source_sound(input->source);
    return input->stream < 0 || source_use(input->source, input->stream, SOURCE_DECODE, failure);
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
    source_close(input->source);
    *input = (struct sound_input){.stream = -1};
}

bool sound_input_has_sound(const struct sound_input *input)
{
    return input->file || input->stream >= 0;
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
    return chain_create_source(input->source, input->stream, source_picture(input->source),
                               sound_input_start(input), failure);
}

enum source_got sound_input_next(struct sound_input *input, AVFrame *frame, struct failure *failure)
{
    struct source_item item;
    if (input->file)
        return sound_file_next(input->file, frame, failure);
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
