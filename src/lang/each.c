/* SPDX-License-Identifier: GPL-3.0-or-later
 * `each: job`: one output of all inputs of a job. */
#include "load.h"

#include <string.h>

static bool copies_sound(const struct pipeline_output *output)
{
    const struct node *audio = node_get(output->encode, "audio");
    return g_strcmp0(node_get_text(audio, "codec"), "copy") == 0;
}

void each_load(struct loader *loader, struct pipeline_output *output, const struct node *map)
{
    const struct node *each = node_get(map, "each");
    output->each_job = each && strcmp(each->text, "job") == 0;
    if (!output->each_job)
        return;
    if (output->kind & ~KIND_AUDIO)
        diag_error(
            loader->diag, each->at,
            "give it a container of sound alone (wav, flac, m4a, mp3 …), or leave `each` out",
            "`each: job` joins sound only so far, and the output \"%s\" is %s", output->name,
            kind_name(output->kind));
    if (copies_sound(output))
        diag_error(loader->diag, each->at, "name the codec that is to be written",
                   "`each: job` joins what is decoded: the output \"%s\" can't copy it",
                   output->name);
    if (node_get(map, "from"))
        diag_error(loader->diag, each->at, "leave one of them out",
                   "the output \"%s\" can't be made both of all inputs (`each: job`) and of "
                   "another output (`from`)",
                   output->name);
}

static bool check_arriving(const struct pipeline_output *output, struct diag *diag)
{
    if (output->each_job)
        diag_error(diag, output->at, "`rushes run` joins what is in a folder",
                   "the output \"%s\" is of all inputs (`each: job`), and a watch folder never has "
                   "them all",
                   output->name);
    return !output->each_job;
}

const struct step_use *steps_grouping(const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const struct step_use *use = steps->pdata[i];
        const char *group = use->params ? node_get_text(use->params, "group") : NULL;
        if (use->step->group && group && strcmp(group, "none") != 0)
            return use;
    }
    return NULL;
}

static bool check_groups(const GPtrArray *steps, struct diag *diag)
{
    const struct step_use *use = steps_grouping(steps);
    if (use)
        diag_error(diag, use->at, "`rushes run` groups what is in a folder",
                   "%s: a `group` is of all inputs, and a watch folder never has them all",
                   use->step->name);
    return !use;
}

bool pipeline_check_arriving(const struct pipeline *pipeline, struct diag *diag)
{
    bool fine = true;
    for (guint j = 0; j < pipeline->jobs->len; j++) {
        const struct pipeline_job *job = pipeline->jobs->pdata[j];
        fine &= check_groups(job->steps, diag);
        for (guint o = 0; o < job->outputs->len; o++) {
            const struct pipeline_output *output = job->outputs->pdata[o];
            fine &= check_arriving(output, diag);
            fine &= check_groups(output->steps, diag);
        }
    }
    return fine;
}
