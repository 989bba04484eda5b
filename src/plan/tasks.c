/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks: one render for all stale outputs of a group, and a verify for each of them. */
#include "build.h"
#include "model/trust.h"

#include <string.h>

/* What is shared with the plan and its inputs isn't the task's to free. */
void plan_task_free(void *data)
{
    struct plan_task *planned = data;
    struct task *task = planned->task;
    task->source = NULL;
    g_ptr_array_set_free_func(task->parts, NULL);
    for (guint i = 0; task->outputs && i < task->outputs->len; i++)
        ((struct task_output *)task->outputs->pdata[i])->encode = NULL;
    task_destroy(task);
    g_array_unref(planned->needs);
    g_array_unref(planned->outputs);
    if (planned->measure_keys)
        g_ptr_array_unref(planned->measure_keys);
    g_free(planned->cost_key);
    g_free(planned);
}

int tasks_add(struct builder *b, struct task *task)
{
    struct plan_task *planned = g_new0(struct plan_task, 1);
    planned->task = task;
    planned->needs = g_array_new(FALSE, FALSE, sizeof(int));
    planned->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    task->id = (int)b->plan->tasks->len;
    task->threads = 1;
    g_ptr_array_add(b->plan->tasks, planned);
    return task->id;
}

void tasks_need(struct plan_task *planned, int id)
{
    for (guint i = 0; i < planned->needs->len; i++)
        if (g_array_index(planned->needs, int, i) == id)
            return;
    g_array_append_val(planned->needs, id);
}

/* What is made from another output waits until that is published; the scheduler knows by the path
 * which output of a render is meant. */
void tasks_need_source(struct plan_task *planned, const struct work *work)
{
    const struct plan_output *source = work->source ? work->source->to : NULL;
    if (source && output_last_task(source) >= 0)
        tasks_need(planned, output_last_task(source));
}

static void add_used(struct task *task, const struct used_file *used)
{
    for (guint i = 0; i < task->files->len; i++) {
        const struct task_file *file = task->files->pdata[i];
        if (file->used_by && strcmp(file->used_by, used->used_by) == 0)
            return;
    }
    int index = task_add_file(task, used->path, false);
    ((struct task_file *)task->files->pdata[index])->used_by = g_strdup(used->used_by);
}

static unsigned trust_of_written(const struct written *written)
{
    const struct trust_row *row = trust_find(written->image ? written->image->name : NULL);
    return row ? row->trust : 0;
}

void tasks_add_call(struct task *task, GPtrArray *to, const struct call *call)
{
    g_ptr_array_add(to, step_call_create(call->step->name, node_ref(call->params)));
    for (guint i = 0; call->files && i < call->files->len; i++)
        add_used(task, call->files->pdata[i]);
}

const char *work_source_name(const struct builder *b, const struct work *work)
{
    return work->source ? work->source->to->path : input_at(b->plan, work->group->input)->relative;
}

char *work_source_names(const struct builder *b, const struct work *work)
{
    if (work->source)
        return path_display(work->source->to->path);
    return join_names(b->plan, work->group->input, work->group->joined);
}

static void add_input(struct builder *b, struct task *task, int input)
{
    int index = task_add_file(task, input_at(b->plan, input)->path, false);
    struct task_file *file = task->files->pdata[index];
    file->stamp = input_at(b->plan, input)->stamp;
    file->sequence = input_at(b->plan, input)->sequence;
}

void tasks_add_source(struct builder *b, struct task *task, const struct work *work)
{
    const struct plan_joined *joined = work->group->joined;
    if (work->source)
        task_add_file(task, work_source_path(b, work), false);
    else if (!joined)
        add_input(b, task, work->group->input);
    for (guint i = 0; !work->source && joined && i < joined->inputs->len; i++) {
        int input = g_array_index(joined->inputs, int, i);
        add_input(b, task, input);
        g_ptr_array_add(task->parts, input_at(b->plan, input)->facts);
    }
}

const char *work_source_path(const struct builder *b, const struct work *work)
{
    return work->source ? work->source->to->final : input_at(b->plan, work->group->input)->path;
}

enum kind work_source_kind(const struct builder *b, const struct work *work)
{
    const struct group *group = work->group;
    if (!work->source)
        return group_facts(b->plan, group)->kind;
    enum kind kind = output_at(b->plan, group->job, work->source->output)->kind;
    enum kind made = route_made(kind, work->source->need);
    return made & KIND_VIDEO ? KIND_VIDEO : made;
}

/* What was made here needs no word of the pipeline's. */
unsigned work_trust(const struct builder *b, const struct work *work)
{
    return work->source ? trust_of_written(work->source->written)
                        : job_at(b->plan, work->group->job)->trust;
}

static char *label_of(const struct builder *b, const struct work *work, const struct draft *only)
{
    g_autofree char *name = work_source_names(b, work);
    const struct group *group = work->group;
    const struct pipeline_job *job = job_at(b->plan, group->job);
    if (!only)
        return g_strdup_printf("%s %s", job->name, name);
    return g_strdup_printf("%s/%s %s", job->name,
                           output_at(b->plan, group->job, only->output)->name, name);
}

/* What a render and its verify tasks say alike. */
static struct task *task_of(struct builder *b, enum task_kind kind, const struct work *work)
{
    struct task *task = task_create(kind);
    if (!work->source)
        task->source = (struct facts *)group_facts(b->plan, work->group);
    task->source_name = g_strdup(work_source_name(b, work));
    task->damaged_allow = job_at(b->plan, work->group->job)->damaged_allow;
    task->changes_conform = job_at(b->plan, work->group->job)->changes_conform;
    task->trust = work_trust(b, work);
    task->max_megapixels = job_megapixels(b, work->group->job);
    task->verify = b->params->verify;
    return task;
}

static struct task_output *add_output(struct builder *b, struct task *task, int file,
                                      const struct group *group, const struct draft *draft)
{
    const struct pipeline_output *to = output_at(b->plan, group->job, draft->output);
    struct task_output *output = task_add_output(task, file);
    output->job = g_strdup(job_at(b->plan, group->job)->name);
    output->output = g_strdup(to->name);
    output->kind = route_kind(to, draft->need);
    output->encode = draft->written->encode;
    output->files = g_strdup(draft->to->files);
    return output;
}

static const struct claim *claim_of(const struct result *finished)
{
    return &((const struct output_result *)finished->outputs->pdata[0])->claim;
}

static void add_verify(struct builder *b, const struct work *work, const struct draft *draft)
{
    struct plan_output *planned = draft->to;
    const struct pipeline_output *to = output_at(b->plan, work->group->job, draft->output);
    struct task *task = task_of(b, TASK_VERIFY, work);
    g_autofree char *label = label_of(b, work, draft);
    task->media = route_kind(to, draft->need);
    task->label = g_strdup_printf("verify %s", label);
    add_output(b, task, task_add_file(task, planned->part, false), work->group, draft);
    if (work->source)
        task_add_file(task, work->source->to->final, false);
    if (task->expect)
        g_ptr_array_unref(task->expect);
    task->expect = promise_expectations(b, draft, to->expectations);
    task->keep = to->keep;
    task->trust |= trust_of_written(draft->written);
    task->hash = true;
    if (planned->finished)
        claim_copy(&task->claim, claim_of(planned->finished));
    planned->verify = tasks_add(b, task);
    struct plan_task *verify = b->plan->tasks->pdata[planned->verify];
    if (planned->render >= 0)
        tasks_need(verify, planned->render);
    g_array_append_val(verify->outputs, draft->planned);
    cost_verify(b, work, draft, verify);
}

static void add_part(struct builder *b, struct task *task, const struct group *group,
                     const struct draft *draft)
{
    struct plan_output *planned = draft->to;
    g_autofree char *token = g_strdup_printf("%s-%d", b->params->run_token, draft->planned);
    planned->part = part_path(planned->final, token);
    int file = task_add_file(task, planned->part, true);
    struct task_output *output = add_output(b, task, file, group, draft);
    for (guint i = 0; i < draft->calls->len; i++)
        tasks_add_call(task, output->steps, draft->calls->pdata[i]);
    if (draft->written->profile)
        add_used(task, draft->written->profile);
}

static int add_render(struct builder *b, const struct work *work)
{
    const struct group *group = work->group;
    struct task *task = task_of(b, TASK_RENDER, work);
    const struct draft *first = &g_array_index(work->drafts, struct draft, 0);
    task->media = work_source_kind(b, work);
    task->label = label_of(b, work, work->drafts->len == 1 ? first : NULL);
    tasks_add_source(b, task, work);
    for (guint i = 0; i < work->drafts->len; i++)
        add_part(b, task, group, &g_array_index(work->drafts, struct draft, i));
    for (guint i = 0; i < work->shared->len; i++)
        tasks_add_call(task, task->steps, work->shared->pdata[i]);
    return tasks_add(b, task);
}

static void add_verifies(struct builder *b, const struct work *work)
{
    for (guint i = 0; i < work->drafts->len; i++)
        add_verify(b, work, &g_array_index(work->drafts, struct draft, i));
}

static void add_tasks(struct builder *b, const struct work *work)
{
    int id = add_render(b, work);
    struct plan_task *render = b->plan->tasks->pdata[id];
    tasks_need_source(render, work);
    for (guint i = 0; i < work->drafts->len; i++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, i);
        draft->to->render = id;
        g_array_append_val(render->outputs, draft->planned);
    }
    measure_steps(b, work, id);
    larger_warn(b, work);
    cost_render(b, work, render);
    if (b->params->verify != VERIFY_OFF)
        add_verifies(b, work);
}

static void add_package(struct builder *b, const struct work *work)
{
    const struct draft *draft = &g_array_index(work->drafts, struct draft, 0);
    struct task *task = task_of(b, TASK_RENDER, work);
    task->media = KIND_VIDEO;
    task->label = label_of(b, work, draft);
    tasks_add_source(b, task, work);
    for (guint i = 0; i < draft->others->len; i++)
        task_add_file(task, draft_other(work->group, draft, i)->to->final, false);
    add_part(b, task, work->group, draft);
    draft->to->render = tasks_add(b, task);
    struct plan_task *render = b->plan->tasks->pdata[draft->to->render];
    g_array_append_val(render->outputs, draft->planned);
    tasks_need_source(render, work);
    for (guint i = 0; i < draft->others->len; i++) {
        int last = output_last_task(draft_other(work->group, draft, i)->to);
        if (last >= 0)
            tasks_need(render, last);
    }
    cost_render(b, work, render);
    if (b->params->verify != VERIFY_OFF)
        add_verifies(b, work);
}

static void packages_of(struct builder *b, const struct group *group)
{
    for (guint i = 0; i < group->drafts->len; i++) {
        const struct draft *draft = draft_at(group, i);
        g_autoptr(GPtrArray) shared = g_ptr_array_new();
        g_autoptr(GArray) drafts = g_array_new(FALSE, FALSE, sizeof(struct draft));
        struct work work = {.group = group,
                            .source = draft_source(group, draft),
                            .shared = shared,
                            .drafts = drafts};
        if (!draft_is_package(b->plan, group, draft) || !draft_renders(draft))
            continue;
        g_array_append_val(drafts, *draft);
        add_package(b, &work);
    }
}

static void choose(const struct builder *b, struct work *work, bool (*chosen)(const struct draft *))
{
    enum kind need = KIND_NONE;
    for (guint i = 0; i < work->group->drafts->len; i++) {
        const struct draft *draft = draft_at(work->group, i);
        if (draft_source(work->group, draft) != work->source || !chosen(draft) ||
            draft_is_package(b->plan, work->group, draft))
            continue;
        need |= draft->need;
        g_array_append_val(work->drafts, *draft);
    }
    for (guint i = 0; !work->source && i < work->group->shared->len; i++) {
        const struct call *call = work->group->shared->pdata[i];
        if (call->step->faces & need)
            g_ptr_array_add(work->shared, (void *)call);
    }
}

/* `add` makes tasks of the drafts from this source that are `chosen`, if there are any. */
static void tasks_of_chosen(struct builder *b, const struct group *group,
                            const struct draft *source, bool (*chosen)(const struct draft *),
                            void (*add)(struct builder *, const struct work *))
{
    g_autoptr(GPtrArray) shared = g_ptr_array_new();
    g_autoptr(GArray) drafts = g_array_new(FALSE, FALSE, sizeof(struct draft));
    struct work work = {.group = group, .source = source, .shared = shared, .drafts = drafts};
    choose(b, &work, chosen);
    if (drafts->len)
        add(b, &work);
}

static void tasks_from(struct builder *b, const struct group *group, const struct draft *source)
{
    tasks_of_chosen(b, group, source, draft_renders, add_tasks);
    tasks_of_chosen(b, group, source, draft_finished, add_verifies);
}

/* A source comes before what is made from it. */
static void tasks_after(struct builder *b, const struct group *group, const struct draft *source)
{
    tasks_from(b, group, source);
    for (guint i = 0; i < group->drafts->len; i++)
        if (draft_source(group, draft_at(group, i)) == source)
            tasks_after(b, group, draft_at(group, i));
}

void tasks_of_group(struct builder *b, const struct group *group)
{
    tasks_after(b, group, NULL);
    packages_of(b, group);
}
