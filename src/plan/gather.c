/* SPDX-License-Identifier: GPL-3.0-or-later
 * Groups: a step that treats all inputs of a job alike is told what is true of them as one, by a
 * task that gathers their measurements. */
#include "build.h"

#include "base/hash.h"

#include <string.h>

static bool groups(const GPtrArray *uses)
{
    for (guint i = 0; i < uses->len; i++) {
        const struct step_use *use = uses->pdata[i];
        const char *group = use->params ? node_get_text(use->params, "group") : NULL;
        if (use->step->group && group && strcmp(group, "none") != 0)
            return true;
    }
    return false;
}

bool gather_in_job(const struct pipeline_job *job)
{
    bool any = groups(job->steps);
    for (guint o = 0; o < job->outputs->len; o++)
        any |= groups(((struct pipeline_output *)job->outputs->pdata[o])->steps);
    return any;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    const char *const *one = a, *const *other = b;
    return strcmp(*one, *other);
}

/* Whatever their order and names are. */
char *gather_members(const struct builder *b, const bool *taken)
{
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(hash_state) hash = hash_create();
    for (guint i = 0; i < b->plan->inputs->len; i++)
        if (taken[i])
            g_ptr_array_add(contents, identity_input(input_at(b->plan, (int)i)));
    g_ptr_array_sort(contents, by_text);
    for (guint i = 0; i < contents->len; i++)
        hash_text(hash, contents->pdata[i]);
    char digest[HASH_TEXT_SIZE];
    hash_finish(hash, digest);
    return g_strdup(digest);
}

/* The draft of a group that is a member as well; NULL: none. */
static const struct draft *member_of(const struct group *group, const struct draft *of)
{
    for (guint i = 0; i < group->drafts->len; i++) {
        const struct draft *draft = draft_at(group, i);
        if (draft->output == of->output && draft->source < 0 && draft->need & KIND_AUDIO)
            return draft;
    }
    return NULL;
}

static bool leads(const struct call *call, const struct plan_input *input)
{
    const char *slash = strrchr(input->relative, '/');
    return !call->leads || glob_match(call->leads, input->relative) ||
           (slash && glob_match(call->leads, slash + 1));
}

static unsigned add_members(struct builder *b, const struct group *of, const struct draft *draft,
                            const struct call *call, int task)
{
    struct plan_task *gather = b->plan->tasks->pdata[task];
    unsigned leading = 0;
    for (guint g = 0; g < b->groups->len; g++) {
        const struct group *group = b->groups->pdata[g];
        const struct draft *member =
            group->job == of->job && !group->joined ? member_of(group, draft) : NULL;
        const struct work work = {.group = group};
        const struct plan_input *input = input_at(b->plan, group->input);
        struct point *point = member ? measure_before(b, &work, member, call) : NULL;
        if (!point)
            continue;
        struct task_output *meter = task_add_output(gather->task, -1);
        meter->output = path_display(input->relative);
        meter->kind = KIND_AUDIO;
        meter->leads = leads(call, input);
        leading += meter->leads;
        tasks_add_call(gather->task, meter->steps, call);
        measure_supply(b, point, task, (int)gather->task->outputs->len - 1, 0);
    }
    return leading;
}

static int add_gather(struct builder *b, const struct work *work, const struct draft *draft,
                      const struct call *call)
{
    const struct pipeline_job *job = job_at(b->plan, work->group->job);
    struct task *task = task_create(TASK_GATHER);
    task->media = KIND_AUDIO;
    int id = tasks_add(b, task);
    unsigned leading = add_members(b, work->group, draft, call, id);
    task->label = g_strdup_printf("gather %s of %u inputs of %s", call->step->name,
                                  task->outputs->len, job->name);
    cost_gather(b, b->plan->tasks->pdata[id]);
    if (leading)
        return id;
    struct mark at = output_at(b->plan, work->group->job, draft->output)->at;
    if (draft->source >= 0)
        diag_error(b->diag, at, "put the step into the output it is made from",
                   "%s: a group is of a job's inputs, and this output has another output (`from`) "
                   "as its source",
                   call->step->name);
    else
        diag_error(b->diag, at, NULL, "%s.reference: no input of job %s is called \"%s\"",
                   call->step->name, job->name, call->leads);
    return -1;
}

int gather_task(struct builder *b, const struct work *work, const struct draft *draft,
                const struct call *call)
{
    char *key = g_strdup_printf("%d %d %s", work->group->job, draft->output, call->token);
    int id = GPOINTER_TO_INT(g_hash_table_lookup(b->gathers, key)) - 1;
    if (id >= 0) {
        g_free(key);
        return id;
    }
    id = add_gather(b, work, draft, call);
    g_hash_table_insert(b->gathers, key, GINT_TO_POINTER(id + 1));
    return id;
}
