/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long the sources of a task are that are joined. */
#include "lengths.h"

#include "input.h"
#include "media/frame.h"

#include <math.h>

static bool count_out(struct chain *chain, AVFrame *out, int64_t *samples, struct failure *failure)
{
    enum chain_got got;
    while ((got = chain_pull(chain, out, failure)) == CHAIN_FRAME) {
        *samples += out->nb_samples;
        av_frame_unref(out);
    }
    return got != CHAIN_FAILED;
}

static bool count(struct sound_input *input, struct chain *chain, int64_t *samples,
                  struct failure *failure)
{
    AVFrame *in = frame_new(), *out = frame_new();
    enum source_got got;
    bool fine = true;
    while (fine && (got = sound_input_next(input, in, failure)) == SOURCE_FRAME)
        fine = chain_push(chain, in, failure) && count_out(chain, out, samples, failure);
    fine = fine && got == SOURCE_END && chain_push(chain, NULL, failure) &&
           count_out(chain, out, samples, failure);
    av_frame_free(&in);
    av_frame_free(&out);
    return fine;
}

/* In seconds; NAN: it can't be read. */
static double counted_length(struct sound_input *input, struct failure *failure)
{
    if (input->file)
        return sound_file_shape(input->file)->duration_s;
    g_auto(chain_ptr) chain =
        sound_input_has_sound(input) ? sound_input_chain(input, failure) : NULL;
    int64_t samples = 0;
    return chain && count(input, chain, &samples, failure)
               ? (double)samples / chain_sound(chain)->rate
               : NAN;
}

static double length_of(const struct job *job, unsigned part)
{
    struct failure ignored = {FAIL_NONE, NULL};
    struct sound_input input;
    double length_s = NAN;
    if (sound_input_open(&input, job, part, &ignored)) {
        length_s = counted_length(&input, &ignored);
        sound_input_close(&input);
    }
    failure_clear(&ignored);
    return length_s;
}

/* A meter before any step hears all there is, however long. */
static bool is_asked(const struct task *task)
{
    bool asked = task->kind != TASK_MEASURE;
    for (guint i = 0; i < task->outputs->len; i++)
        asked |= ((const struct task_output *)task->outputs->pdata[i])->steps->len > 0;
    return asked && task_joins(task);
}

void counted_job_init(struct counted_job *counted, const struct job *job)
{
    *counted = (struct counted_job){.job = *job, .task = *job->task};
    counted->job.task = &counted->task;
    if (!is_asked(job->task))
        return;
    counted->parts = g_ptr_array_new_with_free_func(g_free); /* their texts are the task's */
    for (unsigned i = 0; i < task_sources(job->task); i++) {
        struct facts *facts = g_memdup2(job->task->parts->pdata[i], sizeof *facts);
        double length_s = isnan(facts_picture_s(facts)) ? length_of(job, i) : NAN;
        if (!isnan(length_s))
            facts->duration_s = length_s;
        g_ptr_array_add(counted->parts, facts);
    }
    counted->task.parts = counted->parts;
}

void counted_job_clear(struct counted_job *counted)
{
    if (counted->parts)
        g_ptr_array_unref(counted->parts);
}
