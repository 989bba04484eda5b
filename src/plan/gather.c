/* SPDX-License-Identifier: GPL-3.0-or-later
 * Groups: a step that treats all inputs of a job alike is told what is true of them as one, by a
 * task that gathers their measurements. */
#include "build.h"

#include "base/hash.h"

#include <string.h>

bool gather_in_job(const struct pipeline_job *job)
{
    bool any = steps_grouping(job->steps);
    for (guint o = 0; o < job->outputs->len; o++)
        any |= steps_grouping(((struct pipeline_output *)job->outputs->pdata[o])->steps) != NULL;
    return any;
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

static const struct call *grouped_call(const struct draft *draft)
{
    for (guint i = 0; draft->calls && i < draft->calls->len; i++)
        if (((struct call *)draft->calls->pdata[i])->grouped)
            return draft->calls->pdata[i];
    return NULL;
}

static char *key_of(const struct group *group, const struct draft *draft, const struct call *call)
{
    return g_strdup_printf("%d %d %s", group->job, draft->output, call->token);
}

/* Adds the steps of sound before `call`, as tokens; false when it isn't among them. */
static bool add_tokens_before(GString *out, const GPtrArray *calls, const struct call *call)
{
    for (guint i = 0; i < calls->len; i++) {
        const struct call *one = calls->pdata[i];
        if (strcmp(one->token, call->token) == 0)
            return true;
        if (one->step->faces & KIND_AUDIO)
            g_string_append_printf(out, " %s", one->token);
    }
    return false;
}

/* A member in the digest: whether it leads, its content, and how it comes to the step. NULL: it is
 * none. Caller frees. */
static char *member_text(const struct builder *b, const struct group *group, const struct draft *of,
                         const struct call *call)
{
    const struct draft *member = group->joined ? NULL : member_of(group, of);
    const struct plan_input *input = input_at(b->plan, group->input);
    if (!member || !member->calls)
        return NULL;
    g_autofree char *content = identity_input(input);
    GString *text = g_string_new(leads(call, input) ? "leads " : "");
    g_string_append(text, content);
    bool found = add_tokens_before(text, group->shared, call) ||
                 add_tokens_before(text, member->calls, call);
    return g_string_free(text, !found);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    const char *const *one = a, *const *other = b;
    return strcmp(*one, *other);
}

/* Whatever the order of the members is. */
static char *digest_of(const struct builder *b, const struct group *of, const struct draft *draft,
                       const struct call *call)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(hash_state) hash = hash_create();
    for (guint g = 0; g < b->groups->len; g++) {
        const struct group *group = b->groups->pdata[g];
        char *text = group->job == of->job ? member_text(b, group, draft, call) : NULL;
        if (text)
            g_ptr_array_add(members, text);
    }
    g_ptr_array_sort(members, by_text);
    for (guint i = 0; i < members->len; i++)
        hash_text(hash, members->pdata[i]);
    char digest[HASH_TEXT_SIZE];
    hash_finish(hash, digest);
    return g_strdup(digest);
}

const char *gather_digest(const struct builder *b, const struct group *group,
                          const struct draft *draft)
{
    const struct call *call = grouped_call(draft);
    g_autofree char *key = call ? key_of(group, draft, call) : NULL;
    return key ? g_hash_table_lookup(b->digests, key) : NULL;
}

/* What measures after it would measure what isn't there yet: the group's gain. */
static void check_last(struct builder *b, const struct group *group, const struct draft *draft)
{
    const struct call *grouped = NULL;
    for (guint i = 0; i < draft->calls->len; i++) {
        const struct call *call = draft->calls->pdata[i];
        if (grouped && call->step->measures) {
            g_autofree char *message = g_strdup_printf(
                "%s: what comes after a group can't be measured again", call->step->name);
            resolve_error(b, call->at, input_at(b->plan, group->input),
                          "let one of the two steps go", message);
        }
        grouped = call->grouped ? call : grouped;
    }
}

/* After that of its source. */
static void identify(struct builder *b, const struct group *group, const struct draft *draft)
{
    if (draft->source >= 0)
        identify(b, group, draft_source(group, draft));
    if (draft->to && draft->written)
        identity_draft(b, group, draft);
}

static void add_digests(struct builder *b, const struct group *group)
{
    for (guint d = 0; d < group->drafts->len; d++) {
        const struct draft *draft = draft_at(group, d);
        const struct call *call = group->joined ? NULL : grouped_call(draft);
        char *key = call ? key_of(group, draft, call) : NULL;
        if (key && !g_hash_table_contains(b->digests, key))
            g_hash_table_insert(b->digests, key, digest_of(b, group, draft, call));
        else
            g_free(key);
        if (call)
            check_last(b, group, draft);
    }
}

void gather_identify(struct builder *b, int job)
{
    for (guint g = 0; g < b->groups->len; g++)
        if (((struct group *)b->groups->pdata[g])->job == job)
            add_digests(b, b->groups->pdata[g]);
    for (guint g = 0; g < b->groups->len; g++) {
        const struct group *group = b->groups->pdata[g];
        for (guint d = 0; group->job == job && d < group->drafts->len; d++)
            identify(b, group, draft_at(group, d));
    }
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
        meter->job = g_strdup(job_at(b->plan, of->job)->name);
        meter->output = path_display(input->relative);
        meter->kind = KIND_AUDIO;
        meter->leads = leads(call, input);
        leading += meter->leads;
        tasks_add_call(gather->task, meter->steps, call);
        measure_supply(b, point, task, (int)gather->task->outputs->len - 1, 0);
    }
    return leading;
}

/* An input that can't be read and would have led: the gather says so then. */
static bool leader_is_blocked(const struct builder *b, const struct group *of,
                              const struct draft *draft, const struct call *call)
{
    for (guint i = 0; i < b->plan->outputs->len; i++) {
        const struct plan_output *output = b->plan->outputs->pdata[i];
        if (output->job == of->job && output->output == draft->output && output->blocked &&
            leads(call, input_at(b->plan, output->input)))
            return true;
    }
    return false;
}

static void no_leader(struct builder *b, const struct group *group, const struct draft *draft,
                      const struct call *call)
{
    const char *step = call->step->name;
    if (draft->source >= 0)
        diag_error(b->diag, call->at, "put the step into the output it is made from",
                   "%s: a group is of a job's inputs, and this output has another output (`from`) "
                   "as its source",
                   step);
    else
        diag_error(b->diag, call->at, NULL, "%s.reference: no input of job %s is called \"%s\"",
                   step, job_at(b->plan, group->job)->name, call->leads);
}

static int add_gather(struct builder *b, const struct work *work, const struct draft *draft,
                      const struct call *call)
{
    const struct group *group = work->group;
    struct task *task = task_create(TASK_GATHER);
    task->media = KIND_AUDIO;
    int id = tasks_add(b, task);
    unsigned leading = add_members(b, group, draft, call, id);
    task->label = g_strdup_printf("gather %s of %u inputs of %s", call->step->name,
                                  task->outputs->len, job_at(b->plan, group->job)->name);
    cost_gather(b, b->plan->tasks->pdata[id]);
    if (leading || leader_is_blocked(b, group, draft, call))
        return id;
    no_leader(b, group, draft, call);
    return -1;
}

int gather_task(struct builder *b, const struct work *work, const struct draft *draft,
                const struct call *call)
{
    char *key = key_of(work->group, draft, call);
    gpointer known = NULL;
    if (g_hash_table_lookup_extended(b->gathers, key, NULL, &known)) {
        g_free(key);
        return GPOINTER_TO_INT(known) - 1;
    }
    int id = add_gather(b, work, draft, call);
    g_hash_table_insert(b->gathers, key, GINT_TO_POINTER(id + 1));
    return id;
}
