/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills that steps make larger than what is made: the worker refuses them, and the plan says so
 * before a night is waited for. */
#include "build.h"

#include "model/still_limit.h"

#include <string.h>

/* False with words, at the first step that makes more; its size in `flows`. */
static bool all_fit(const struct builder *b, int job, const GPtrArray *calls,
                    const struct facts *facts, struct fields *flows, struct failure *why)
{
    g_auto(diag_ptr) ignored = diag_create();
    for (guint i = 0; i < calls->len; i++) {
        fields_through(calls->pdata[i], flows, ignored);
        if (flows->width > 0 && flows->height > 0 &&
            !still_fits(job_megapixels(b, job), flows->width, flows->height, 1,
                        still_pixel_bytes(facts), why))
            return false;
    }
    return true;
}

/* Once an output, with the first input that it happens to. */
static void warn(struct builder *b, const struct work *work, const struct draft *draft,
                 const struct failure *why)
{
    const struct pipeline_job *job = job_at(b->plan, work->group->job);
    const struct pipeline_output *output = job->outputs->pdata[draft->output];
    char *who = g_strdup_printf("%s/%s larger than the limit", job->name, output->name);
    if (!g_hash_table_add(b->said, who))
        return;
    g_autofree char *name = path_display(input_at(b->plan, work->group->input)->relative);
    g_autofree char *text = g_strdup_printf("%s/%s: %s will fail: its steps make it too large: %s",
                                            job->name, output->name, name, why->message);
    diag_warning(b->diag, output->at, "leave `upscale` out, or make it less large", "%s", text);
    g_ptr_array_add(b->plan->warnings, g_steal_pointer(&text));
}

void larger_warn(struct builder *b, const struct work *work)
{
    const struct facts *facts = group_facts(b->plan, work->group);
    if (work->source || facts->kind != KIND_IMAGE)
        return;
    for (guint i = 0; i < work->drafts->len; i++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, i);
        struct failure why = {FAIL_NONE, NULL};
        struct fields flows = {
            .width = facts->width, .height = facts->height, .sar = facts->sar, .fps = {25, 1}};
        const int job = work->group->job;
        if (!all_fit(b, job, work->shared, facts, &flows, &why) ||
            !all_fit(b, job, draft->calls, facts, &flows, &why))
            warn(b, work, draft, &why);
        failure_clear(&why);
    }
}
