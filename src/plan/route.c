/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which job takes an input, and which of its outputs have something for it. */
#include "build.h"

#include <string.h>

static bool any_matches(const GPtrArray *globs, const char *path)
{
    for (guint i = 0; globs && i < globs->len; i++)
        if (glob_match(globs->pdata[i], path))
            return true;
    return false;
}

static enum kind kind_by_name(const struct plan_input *input)
{
    const char *dot = strrchr(input->relative, '.');
    return dot ? kind_of_extension(dot + 1) : KIND_NONE;
}

static bool includes(const struct pipeline_job *job, const struct plan_input *input)
{
    bool in = job->include && job->include->len ? any_matches(job->include, input->relative)
                                                : kind_by_name(input) != KIND_NONE;
    return in && !any_matches(job->exclude, input->relative);
}

/* What was named by hand goes to the jobs that look for such files, or to all when none does. */
void route_names(const struct builder *b, const struct plan_input *input, bool *taken)
{
    guint count = b->plan->pipeline->jobs->len;
    bool any = false;
    for (guint j = 0; j < count; j++)
        any |= taken[j] = includes(job_at(b->plan, (int)j), input);
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

static bool has_sound(const struct facts *facts)
{
    return facts->audio_tracks > 0 || facts->channels > 0;
}

enum kind route_faces(const struct facts *facts, enum kind output)
{
    if (facts->kind != KIND_VIDEO)
        return facts->kind == output ? output : KIND_NONE;
    if (output == KIND_IMAGE)
        return KIND_VIDEO;
    enum kind sound = has_sound(facts) ? KIND_AUDIO : KIND_NONE;
    return output == KIND_VIDEO ? KIND_VIDEO | sound : sound;
}

/* A damaged file goes where its name says; one without a telling name goes everywhere. */
static enum kind damaged_need(const struct plan_input *input, const struct pipeline_output *output)
{
    struct facts facts = {.kind = kind_by_name(input), .audio_tracks = 1};
    return facts.kind == KIND_NONE ? output->kind : route_faces(&facts, output->kind);
}

enum kind route_need(const struct plan_input *input, const struct pipeline_job *job,
                     const struct pipeline_output *output)
{
    enum kind need =
        input->facts ? route_faces(input->facts, output->kind) : damaged_need(input, output);
    bool moving = need & KIND_VIDEO;
    if (output->kind == KIND_IMAGE && moving && !makes_still(job->steps) &&
        !makes_still(output->steps))
        return KIND_NONE;
    return need;
}

const char *route_noun(const struct plan_input *input, unsigned count)
{
    enum kind kind = input->facts ? input->facts->kind : kind_by_name(input);
    bool mute = kind == KIND_VIDEO && input->facts && !has_sound(input->facts);
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

bool route_selected(const struct builder *b, int job, int output)
{
    const char *only = b->params->only;
    return !only || chosen(only, job_at(b->plan, job)->name, output_at(b->plan, job, output)->name);
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
