/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which job takes an input, and which of its outputs have something for it. */
#include "build.h"

#include <string.h>

static enum kind kind_by_name(const struct plan_input *input)
{
    const char *dot = strrchr(input->relative, '.');
    if (sequence_rule_is_set(&input->sequence))
        return KIND_VIDEO;
    return dot ? kind_of_extension(dot + 1) : KIND_NONE;
}

/* What was named by hand goes to the jobs that look for such files, or to all when none does. */
void route_names(const struct builder *b, const struct plan_input *input, bool *taken)
{
    guint count = b->plan->pipeline->jobs->len;
    bool any = false;
    for (guint j = 0; j < count; j++)
        any |= taken[j] = job_includes(job_at(b->plan, (int)j), input->relative, &input->sequence);
    for (guint j = 0; j < count && !any && input->named; j++)
        taken[j] = true;
}

static bool makes_still(const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++)
        if (((const struct step_use *)steps->pdata[i])->step->makes_still)
            return true;
    return false;
}

bool route_is_heard(const struct plan_input *input)
{
    const struct facts *facts = input->facts;
    return !facts || facts->audio_tracks > 0 || facts->channels > 0;
}

/* In a file of sound that is joined, a film without any is silence as long as its picture. */
static bool is_silence(const struct plan_input *input, const struct pipeline_output *to)
{
    return to->each_job && to->kind == KIND_AUDIO && facts_picture_s(input->facts) > 0;
}

/* What an output is of some kind of source: an animation of a still is a still with frames. */
static enum kind kind_of(const struct pipeline_output *output, enum kind source)
{
    const struct container *container = container_by_name(output->container);
    return source == KIND_IMAGE && container && container_still(container) ? KIND_IMAGE
                                                                           : output->kind;
}

/* What of it an output of some kind has a use for. */
static enum kind faces_of(enum kind source, enum kind output)
{
    if (!(source & KIND_VIDEO))
        return source & output;
    if (output == KIND_IMAGE)
        return KIND_VIDEO;
    return source & (output == KIND_VIDEO ? KIND_VIDEO | KIND_AUDIO : KIND_AUDIO);
}

/* A damaged file goes where its name says; one without a telling name goes everywhere. */
static enum kind input_faces(const struct plan_input *input, const struct pipeline_output *to)
{
    enum kind kind = input->facts ? input->facts->kind : kind_by_name(input);
    enum kind output = kind_of(to, kind);
    bool sound = route_is_heard(input) || is_silence(input, to);
    if (kind == KIND_NONE)
        return input->facts ? KIND_NONE : output;
    return faces_of(kind == KIND_VIDEO && sound ? KIND_VIDEO | KIND_AUDIO : kind, output);
}

enum kind route_made(enum kind output, enum kind need)
{
    return need && output == KIND_IMAGE ? KIND_IMAGE : need;
}

static bool is_subtitles(const struct pipeline_output *output)
{
    return container_is_subtitles(container_by_name(output->container));
}

/* The output that another is made from; of a package the first rung that is made of this input. */
static const struct pipeline_output *source_of(const struct plan_input *input,
                                               const struct pipeline_job *job,
                                               const struct pipeline_output *output)
{
    const struct pipeline_output *first = job->outputs->pdata[output->from];
    if (!input->facts || !output->others->len || !route_why_not(input, job, first))
        return first;
    for (guint i = 0; i < output->others->len; i++) {
        const struct pipeline_output *other =
            job->outputs->pdata[g_array_index(output->others, int, i)];
        if (!route_why_not(input, job, other))
            return other;
    }
    return first;
}

static enum kind faces_needed(const struct plan_input *input, const struct pipeline_job *job,
                              const struct pipeline_output *output)
{
    if (output->from < 0 && is_subtitles(output) && input->facts)
        return input->facts->subtitle_tracks ? KIND_VIDEO : KIND_NONE;
    if (output->from < 0)
        return input_faces(input, output);
    const struct pipeline_output *source = source_of(input, job, output);
    const enum kind made = route_made(source->kind, route_need(input, job, source));
    return faces_of(made, kind_of(output, made));
}

enum kind route_need(const struct plan_input *input, const struct pipeline_job *job,
                     const struct pipeline_output *output)
{
    enum kind need = faces_needed(input, job, output);
    bool still = makes_still(output->steps) || (output->from < 0 && makes_still(job->steps));
    return output->kind == KIND_IMAGE && need & KIND_VIDEO && !still ? KIND_NONE : need;
}

static const char *makes(enum kind kind)
{
    return kind == KIND_VIDEO   ? "it makes video"
           : kind == KIND_AUDIO ? "it makes sound"
                                : "it makes stills";
}

static const char *why_not(const struct plan_input *input, const struct pipeline_output *output)
{
    if (output->kind == KIND_IMAGE && input->facts->kind == KIND_VIDEO)
        return "none of its steps takes a still";
    if (is_subtitles(output) && input->facts->kind == KIND_VIDEO)
        return "there are no subtitles in it";
    return makes(output->kind);
}

static const char by_when[] = "its `when` doesn't hold";

bool route_takes(struct builder *b, const struct pipeline_job *job, const struct plan_input *input)
{
    if (!input->facts || !job->when || when_holds(job->when, input->facts))
        return true;
    note_output(b, job->name, input, by_when);
    return false;
}

const char *route_why_not(const struct plan_input *input, const struct pipeline_job *job,
                          const struct pipeline_output *output)
{
    if (output->from >= 0 && route_why_not(input, job, source_of(input, job, output)))
        return "the output it is made from isn't made";
    if (!route_need(input, job, output))
        return why_not(input, output);
    return output->when && !when_holds(output->when, input->facts) ? by_when : NULL;
}

const char *route_noun(const struct plan_input *input, unsigned count)
{
    enum kind kind = input->facts ? input->facts->kind : kind_by_name(input);
    bool mute = kind == KIND_VIDEO && !route_is_heard(input);
    if (mute)
        return count == 1 ? "clip without sound" : "clips without sound";
    if (kind == KIND_VIDEO)
        return count == 1 ? "clip" : "clips";
    if (kind == KIND_AUDIO)
        return count == 1 ? "sound file" : "sound files";
    if (kind == KIND_IMAGE)
        return count == 1 ? "still" : "stills";
    return count == 1 ? "file" : "files";
}

static bool chosen(const char *only, const char *job, const char *output)
{
    size_t length = strlen(job);
    if (strncmp(only, job, length) != 0)
        return false;
    return !only[length] ||
           (only[length] == '/' && (!output || !strcmp(only + length + 1, output)));
}

static bool is_asked_for(const struct builder *b, int job, int output)
{
    const char *only = b->params->only;
    return !only || chosen(only, job_at(b->plan, job)->name, output_at(b->plan, job, output)->name);
}

bool route_selected(const struct builder *b, int job, int output)
{
    return is_asked_for(b, job, output) ||
           (b->params->with_sources && route_wanted(b, job, output));
}

/* Whether an output is made, at one or more removes, from another. */
static bool is_made_from(const struct pipeline_job *job, int output, int source)
{
    for (int at = output; at >= 0;) {
        const struct pipeline_output *made = job->outputs->pdata[at];
        if (at == source)
            return true;
        for (guint i = 0; i < made->others->len; i++)
            if (is_made_from(job, g_array_index(made->others, int, i), source))
                return true;
        at = made->from;
    }
    return false;
}

bool route_wanted(const struct builder *b, int j, int output)
{
    const struct pipeline_job *job = job_at(b->plan, j);
    for (guint o = 0; o < job->outputs->len; o++) {
        if (is_asked_for(b, j, (int)o) && is_made_from(job, (int)o, output))
            return true;
    }
    return false;
}

bool route_only_check(struct builder *b)
{
    if (!b->params->only)
        return true;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint j = 0; j < b->plan->pipeline->jobs->len; j++) {
        const struct pipeline_job *job = job_at(b->plan, (int)j);
        g_ptr_array_add(names, g_strdup(job->name));
        for (guint o = 0; o < job->outputs->len; o++) {
            if (route_selected(b, (int)j, (int)o))
                return true;
            const struct pipeline_output *output = job->outputs->pdata[o];
            g_ptr_array_add(names, g_strdup_printf("%s/%s", job->name, output->name));
        }
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(b->params->only, (const char *const *)names->pdata);
    diag_error(b->diag, mark_option("--only"), hint, "no job or output is called \"%s\"",
               b->params->only);
    return false;
}
