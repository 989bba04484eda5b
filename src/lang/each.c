/* SPDX-License-Identifier: GPL-3.0-or-later
 * `each: job`: one output of all inputs of a job. */
#include "load.h"

#include <string.h>

static bool copies(const struct pipeline_output *output)
{
    const struct node *audio = node_get(output->encode, "audio");
    const struct node *video = node_get(output->encode, "video");
    return g_strcmp0(node_get_text(audio, "codec"), "copy") == 0 ||
           g_strcmp0(node_get_text(video, "codec"), "copy") == 0;
}

static bool gathers(const struct pipeline_output *output)
{
    for (guint i = 0; i < output->steps->len; i++)
        if (((const struct step_use *)output->steps->pdata[i])->step->gathers)
            return true;
    return false;
}

static void load_join(struct loader *loader, struct pipeline_output *output, const struct node *map)
{
    const struct node *node = node_get(map, "join");
    g_auto(node_ptr) join = node ? node_copy(node) : NULL;
    if (!join || !keys_check(join, IN_JOIN, "join", loader->diag))
        return;
    output->by_timecode = g_strcmp0(node_get_text(join, "order"), "timecode") == 0;
    output->conforms = g_strcmp0(node_get_text(join, "conform"), "first") == 0;
    if (!output->each_job)
        diag_error(loader->diag, node->at, "add `each: job`, or leave `join` out",
                   "the output \"%s\" is of each input alone: there is nothing to join",
                   output->name);
}

void each_load(struct loader *loader, struct pipeline_output *output, const struct node *map)
{
    const struct node *each = node_get(map, "each");
    output->each_job = each && strcmp(each->text, "job") == 0;
    load_join(loader, output, map);
    if (!output->each_job)
        return;
    if (output->kind == KIND_IMAGE && !gathers(output))
        diag_error(
            loader->diag, each->at,
            "give it a step that gathers stills, as `contact_sheet`, a container of sound "
            "or of films, or leave `each` out",
            "`each: job` makes one of all inputs, and the output \"%s\" is one still of each",
            output->name);
    if (copies(output))
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

static bool check_inputs(const struct pipeline_job *job, struct diag *diag)
{
    if (!sequence_rule_is_set(&job->sequence))
        return true;
    diag_error(diag, job->at, "use rushes run when they are all there",
               "job %s takes numbered pictures, of which nobody knows which is the last to arrive",
               job->name);
    return false;
}

bool pipeline_check_arriving(const struct pipeline *pipeline, struct diag *diag)
{
    bool fine = true;
    for (guint j = 0; j < pipeline->jobs->len; j++) {
        const struct pipeline_job *job = pipeline->jobs->pdata[j];
        fine &= check_groups(job->steps, diag) && check_inputs(job, diag);
        for (guint o = 0; o < job->outputs->len; o++) {
            const struct pipeline_output *output = job->outputs->pdata[o];
            fine &= check_arriving(output, diag);
            fine &= check_groups(output->steps, diag);
        }
    }
    return fine;
}
