/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_GATHER: what was measured of the members of a group becomes what is true of the group. */
#include "steps/faces.h"
#include "worker/run.h"

/* Members that couldn't be measured are left out. */
static GArray *members_of(const struct task *task)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(struct member));
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        const struct step_call *call = output->steps->len ? output->steps->pdata[0] : NULL;
        const struct member member = {output->output, call ? call->measured : NULL, output->leads};
        if (member.measured)
            g_array_append_val(members, member);
    }
    return members;
}

static const struct step_call *call_of(const struct task *task)
{
    const struct task_output *first = task->outputs->len ? task->outputs->pdata[0] : NULL;
    return first && first->steps->len ? first->steps->pdata[0] : NULL;
}

static bool gather(const struct task *task, struct result *result)
{
    const struct step_call *call = call_of(task);
    const struct faces *faces = call ? faces_find(call->name) : NULL;
    gather_face *face = faces ? faces_gather(faces->step) : NULL;
    if (!face)
        return fail(&result->failure, FAIL_INTERNAL, "nothing gathers this step");
    g_autoptr(GArray) members = members_of(task);
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(&faces->step->params);
    struct output_result *whole = result->outputs->pdata[0];
    whole->measured = facts_create();
    params_parse(&faces->step->params, call->params, call->name, false, params, diag);
    bool done = face(params, (const struct member *)(const void *)members->data, members->len,
                     whole->measured, &result->failure);
    params_free(&faces->step->params, params);
    return done;
}

void worker_gather(const struct job *job, struct result *result)
{
    while (result->outputs->len < job->task->outputs->len)
        result_add_output(result);
    gather(job->task, result);
}
