/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a pipeline and inputs to drafts, and from drafts to a plan. */
#include "build.h"

#include <string.h>

static void draft_clear(void *data)
{
    struct draft *draft = data;
    g_clear_pointer(&draft->calls, g_ptr_array_unref);
    g_array_unref(draft->others);
    known_output_clear(&draft->known);
}

static void group_free(void *data)
{
    struct group *group = data;
    g_ptr_array_unref(group->shared);
    g_array_unref(group->drafts);
    g_string_free(group->colors_said, TRUE);
    if (group->roots)
        g_array_unref(group->roots);
    g_free(group);
}

struct group *group_create(int job, int input, unsigned index)
{
    struct group *group = g_new(struct group, 1);
    *group = (struct group){.job = job,
                            .input = input,
                            .index = index,
                            .shared = g_ptr_array_new_with_free_func(call_unref),
                            .drafts = g_array_new(FALSE, FALSE, sizeof(struct draft)),
                            .colors_said = g_string_new(NULL)};
    g_array_set_clear_func(group->drafts, draft_clear);
    return group;
}

static void plan_output_free(void *data)
{
    struct plan_output *planned = data;
    g_free(planned->part);
    result_destroy(planned->finished);
    failure_clear(&planned->failure);
    g_free(planned);
}

char *text_shared(struct plan *plan, const char *text)
{
    return g_string_chunk_insert_const(plan->texts, text);
}

char *text_taken(struct plan *plan, char *text)
{
    g_autofree char *owned = text;
    return text_shared(plan, owned);
}

static void encode_free(void *encode)
{
    encode_destroy(encode);
}

static void unread_clear(void *unread)
{
    failure_clear(&((struct plan_unread *)unread)->failure);
}

static struct plan *plan_create(const struct pipeline *pipeline, const GPtrArray *inputs,
                                const struct plan_params *params)
{
    struct plan *plan = g_new(struct plan, 1);
    *plan = (struct plan){
        .pipeline = pipeline,
        .inputs = inputs,
        .tasks = g_ptr_array_new_with_free_func(plan_task_free),
        .outputs = g_ptr_array_new_with_free_func(plan_output_free),
        .joined = g_ptr_array_new_with_free_func(joined_free),
        .unread = g_array_new(FALSE, FALSE, sizeof(struct plan_unread)),
        .feeds = g_array_new(FALSE, FALSE, sizeof(struct plan_feed)),
        .notes = g_ptr_array_new_with_free_func(g_free),
        .warnings = g_ptr_array_new_with_free_func(g_free),
        .encodes = g_ptr_array_new_with_free_func(encode_free),
        .texts = g_string_chunk_new(1 << 16),
        .date = g_strdup(params->date),
        .cores = MAX(1, params->cores),
    };
    g_array_set_clear_func(plan->unread, unread_clear);
    return plan;
}

void plan_destroy(struct plan *plan)
{
    if (!plan)
        return;
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->outputs);
    g_ptr_array_unref(plan->joined);
    g_array_unref(plan->unread);
    g_array_unref(plan->feeds);
    g_ptr_array_unref(plan->notes);
    g_ptr_array_unref(plan->warnings);
    g_ptr_array_unref(plan->encodes);
    g_string_chunk_free(plan->texts);
    g_free(plan->date);
    g_free(plan);
}

static void builder_init(struct builder *b)
{
    b->groups = g_ptr_array_new_with_free_func(group_free);
    b->calls = g_hash_table_new_full(NULL, NULL, NULL, cached_call_free);
    b->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, found_file_free);
    b->flowed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, flowed_free);
    b->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, looked_into_free);
    b->written = g_hash_table_new_full(NULL, NULL, NULL, written_free);
    b->stills = g_hash_table_new_full(NULL, NULL, NULL, written_free);
    b->own_written = g_ptr_array_new_with_free_func(written_free);
    b->only_looked_at = g_ptr_array_new_with_free_func(plan_output_free);
    b->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    b->notes = g_ptr_array_new_with_free_func(note_free);
    b->paths = g_hash_table_new(g_str_hash, g_str_equal);
    b->folded = g_hash_table_new(folded_hash, folded_equal);
    b->sources = g_hash_table_new(g_str_hash, g_str_equal);
    b->points = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, point_free);
    b->measures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    b->gathers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    b->promised =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    b->digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    b->learned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    b->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < b->plan->inputs->len; i++)
        g_hash_table_add(b->sources, input_at(b->plan, (int)i)->path);
}

static void builder_finish(struct builder *b)
{
    GHashTable *tables[] = {b->calls,    b->files,   b->written,  b->stills,  b->said,
                            b->paths,    b->folded,  b->sources,  b->points,  b->measures,
                            b->gathers,  b->digests, b->promised, b->learned, b->made,
                            b->contents, b->flowed};
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        g_hash_table_unref(tables[i]);
    g_ptr_array_unref(b->groups);
    g_ptr_array_unref(b->own_written);
    g_ptr_array_unref(b->only_looked_at);
    g_ptr_array_unref(b->notes);
}

struct template_env env_of_input(const struct plan *plan, int job,
                                 const struct pipeline_output *output, int input)
{
    static const struct facts unknown = {0};
    const struct plan_input *source = input_at(plan, input);
    return (struct template_env){
        .relative = source->relative,
        .job = job_at(plan, job)->name,
        .output = output ? output->name : "",
        .extension = output ? output->extension : "",
        .page = 1,
        .date = plan->date,
        .facts = source->facts ? source->facts : &unknown,
    };
}

static struct template_env env_of(const struct builder *b, const struct group *group,
                                  const struct pipeline_output *output)
{
    struct template_env env = env_of_input(b->plan, group->job, output, group->input);
    env.index = group->index;
    env.page = group->joined ? group->joined->page : 1;
    return env;
}

/* The layout that an output's sound is mixed to by its `encode`; NULL when it stays. What is in
 * another output is not known yet. */
static const char *mixed_to(const struct builder *b, const struct group *group,
                            const struct draft *draft)
{
    static const char *const layouts[] = {[1] = "mono", [2] = "stereo", [6] = "5.1", [8] = "7.1"};
    const struct facts *facts = group_facts(b->plan, group);
    int asked = draft->written ? draft->written->encode->audio.channels : 0;
    bool other = asked > 0 && facts && (draft->source >= 0 || facts->channels != asked);
    return other && asked < (int)G_N_ELEMENTS(layouts) ? layouts[asked] : NULL;
}

static void add_mix(struct builder *b, const struct group *group, struct draft *draft,
                    const struct step_use *use)
{
    const char *layout = use->step->mixes ? mixed_to(b, group, draft) : NULL;
    if (!layout)
        return;
    struct call *call =
        resolve_implied(b, use->step->mixes, layout, use->at, input_at(b->plan, group->input));
    if (call)
        g_ptr_array_add(draft->calls, call);
}

static void add_call(struct builder *b, GPtrArray *calls, const struct step_use *use,
                     const struct template_env *env, const struct group *group, const char *who)
{
    struct call *call = resolve_call(b, use, env, input_at(b->plan, group->input));
    if (!call)
        return;
    join_check_call(b, group, use, call);
    if (call->lacks)
        note_lack(b, who, input_at(b->plan, group->input), call);
    g_ptr_array_add(calls, call);
}

/* Of those that are made from the input. */
static enum kind needs_of(const struct group *group)
{
    enum kind need = KIND_NONE;
    for (guint i = 0; i < group->drafts->len; i++)
        if (draft_at(group, i)->source < 0)
            need |= draft_at(group, i)->need;
    return need;
}

static void add_shared(struct builder *b, struct group *group, const struct fork *fork)
{
    const struct pipeline_job *job = job_at(b->plan, group->job);
    const struct plan_input *input = input_at(b->plan, group->input);
    enum kind need = needs_of(group);
    struct template_env env = env_of(b, group, NULL);
    for (guint s = 0; s < job->steps->len; s++) {
        const struct step_use *use = job->steps->pdata[s];
        if (!(use->step->faces & need))
            note_step(b, job->name, input, use->step);
        else if (!forks_off(fork, job, s))
            add_call(b, group->shared, use, &env, group, job->name);
    }
}

/* `fork` NULL: all of them. */
static void add_own(struct builder *b, const struct group *group, struct draft *draft,
                    const GPtrArray *uses, const struct fork *fork)
{
    const struct pipeline_job *job = job_at(b->plan, group->job);
    const struct pipeline_output *output = job->outputs->pdata[draft->output];
    struct template_env env = env_of(b, group, output);
    for (guint s = 0; s < uses->len; s++) {
        const struct step_use *use = uses->pdata[s];
        if (fork && !forks_off(fork, job, s))
            continue;
        bool still = use->step->makes_still && output->kind != KIND_IMAGE;
        g_autofree char *who = g_strdup_printf("%s/%s", job->name, output->name);
        if ((use->step->faces & draft->need) && !still) {
            add_mix(b, group, draft, use);
            add_call(b, draft->calls, use, &env, group, who);
        } else if (uses == output->steps) {
            note_step(b, who, input_at(b->plan, group->input), use->step);
        }
    }
}

/* NULL after an error. */
static struct plan_output *add_output(struct builder *b, const struct group *group, int output,
                                      GPtrArray *to)
{
    const struct pipeline_output *written = output_at(b->plan, group->job, output);
    struct template_env env = env_of(b, group, written);
    char *path = output_path(b, group, written, &env);
    if (!path)
        return NULL;
    struct plan_output *planned = g_new0(struct plan_output, 1);
    planned->job = group->job;
    planned->output = output;
    planned->input = group->input;
    planned->joined = group->joined;
    planned->index = group->index;
    output_set_path(b, planned, path);
    output_set_files(b, planned, written, &env);
    planned->render = planned->verify = -1;
    planned->priority = written->urgency.priority;
    if (written->urgency.deliver_by.set)
        planned->deadline_us = deadline_us(&written->urgency.deliver_by, b->params->now_us);
    g_ptr_array_add(to, planned);
    return planned;
}

unsigned job_megapixels(const struct builder *b, int job)
{
    unsigned own = job_at(b->plan, job)->max_megapixels;
    return own ? own : b->params->max_megapixels;
}

bool job_reads(const struct builder *b, int job, int input, struct failure *failure)
{
    const struct plan_input *from = input_at(b->plan, input);
    const struct failure *why = &from->failure;
    if (from->facts)
        return still_facts_fit(job_megapixels(b, job), from->facts, failure);
    return fail(failure, why->class ? why->class : FAIL_INPUT_DAMAGED, "%s",
                why->message ? why->message : "the source could not be probed");
}

static bool group_is_read(const struct builder *b, const struct group *group,
                          struct failure *failure)
{
    if (!group->joined)
        return job_reads(b, group->job, group->input, failure);
    const struct plan_unread *unread = join_unread(b, group);
    if (!unread)
        return true;
    g_autofree char *name = path_display(input_at(b->plan, unread->input)->relative);
    return fail(failure, unread->failure.class, "%s: %s%s", name, unread->failure.message,
                job_at(b->plan, group->job)->damaged_allow
                    ? ""
                    : "; a job with `damaged: allow` goes on without it");
}

static void add_blocked(struct builder *b, const struct group *group, int output,
                        const struct failure *why)
{
    struct plan_output *planned = add_output(b, group, output, b->plan->outputs);
    if (!planned)
        return;
    planned->blocked = true;
    planned->stale = STALE_NEVER;
    planned->reason = text_shared(b->plan, "the source can't be read");
    planned->input_hash = text_taken(b->plan, identity_group(b->plan, group));
    planned->parameters = text_shared(b->plan, "");
    planned->software = text_shared(b->plan, b->params->software);
    fail(&planned->failure, why->class, "%s", why->message);
}

static enum kind written_faces(const struct written *written, enum kind output, enum kind need)
{
    unsigned faces = need;
    if (!written->has_video)
        faces &= ~(unsigned)(KIND_VIDEO | KIND_IMAGE);
    if (!written->has_audio && output != KIND_IMAGE)
        faces &= ~(unsigned)KIND_AUDIO;
    return faces;
}

/* After an error the draft goes on, so that its steps are looked at as well. */
static void add_draft(struct builder *b, struct group *group, int output, enum kind need)
{
    const struct pipeline_output *to = output_at(b->plan, group->job, output);
    struct template_env env = env_of(b, group, to);
    bool selected = route_selected(b, group->job, output);
    GPtrArray *outputs = selected ? b->plan->outputs : b->only_looked_at;
    struct draft draft = {.output = output,
                          .source = -1,
                          .others = g_array_new(FALSE, FALSE, sizeof(int)),
                          .to = add_output(b, group, output, outputs),
                          .planned = -1};
    if (draft.to && selected)
        draft.planned = (int)outputs->len - 1;
    const enum kind kind = route_kind(to, need);
    draft.written = resolve_written(b, to, &env, input_at(b->plan, group->input), kind);
    draft.need = draft.written ? written_faces(draft.written, kind, need) : need;
    if (draft.to)
        collide_add(b, draft.to);
    g_array_append_val(group->drafts, draft);
}

static void route_output(struct builder *b, struct group *group, int index)
{
    const struct plan_input *input = input_at(b->plan, group->input);
    const struct pipeline_job *job = job_at(b->plan, group->job);
    const struct pipeline_output *output = job->outputs->pdata[index];
    enum kind need = route_need(input, job, output);
    const char *why = input->facts ? route_why_not(input, job, output) : NULL;
    g_autofree char *who = g_strdup_printf("%s/%s", job->name, output->name);
    struct failure unread = {FAIL_NONE, NULL};
    if (why)
        note_output(b, who, input, why);
    else if (group_is_read(b, group, &unread))
        add_draft(b, group, index, need);
    else if (need && route_selected(b, group->job, index))
        add_blocked(b, group, index, &unread);
    failure_clear(&unread);
}

static int draft_of(const struct group *group, int output)
{
    for (guint i = 0; i < group->drafts->len; i++)
        if (draft_at(group, i)->output == output)
            return (int)i;
    return -1;
}

/* A rung that isn't made of this input is left out; the first that is is the source. */
static void link_draft(const struct group *group, struct draft *draft,
                       const struct pipeline_output *output)
{
    draft->source = output->from < 0 ? -1 : draft_of(group, output->from);
    for (guint i = 0; i < output->others->len; i++) {
        int other = draft_of(group, g_array_index(output->others, int, i));
        if (other >= 0 && draft->source < 0)
            draft->source = other;
        else if (other >= 0)
            g_array_append_val(draft->others, other);
    }
}

static void link_drafts(const struct builder *b, struct group *group)
{
    for (guint i = 0; i < group->drafts->len; i++) {
        struct draft *draft = draft_at(group, i);
        link_draft(group, draft, output_at(b->plan, group->job, draft->output));
    }
}

/* After its source: there is no more in it than in that. */
static void resolve_draft(struct builder *b, const struct group *group, struct draft *draft,
                          const struct fork *fork)
{
    if (draft->calls)
        return;
    draft->calls = g_ptr_array_new_with_free_func(call_unref);
    struct draft *source = draft_source(group, draft);
    for (guint i = 0; i < draft->others->len; i++)
        resolve_draft(b, group, (struct draft *)draft_other(group, draft, i), fork);
    if (source) {
        resolve_draft(b, group, source, fork);
        draft->need &=
            route_made(output_at(b->plan, group->job, source->output)->kind, source->need);
    } else {
        add_own(b, group, draft, job_at(b->plan, group->job)->steps, fork);
    }
    add_own(b, group, draft, output_at(b->plan, group->job, draft->output)->steps, NULL);
    colors_of_draft(b, group, draft);
    fields_of_draft(b, group, draft);
    sound_of_draft(b, group, draft);
    sheets_of_draft(b, group, draft);
    moments_of_draft(b, group, draft);
    splices_of_draft(b, group, draft);
    if (draft->written)
        draft->again = smart_codec(b, group, draft);
    if (draft->to && draft->written)
        identity_draft(b, group, draft);
}

static void resolve_group(struct builder *b, struct group *group, const struct fork *fork)
{
    if (!group->drafts->len)
        return;
    link_drafts(b, group);
    add_shared(b, group, fork);
    colors_of_group(b, group, needs_of(group));
    fields_of_group(b, group);
    for (guint i = 0; i < group->drafts->len; i++)
        resolve_draft(b, group, draft_at(group, i), fork);
}

/* After its source. */
static void decide(struct builder *b, const struct group *group, struct draft *draft)
{
    if (draft->to->reason)
        return;
    if (draft->source >= 0)
        decide(b, group, draft_source(group, draft));
    for (guint i = 0; i < draft->others->len; i++)
        decide(b, group, (struct draft *)draft_other(group, draft, i));
    stale_decide(b, group, draft);
}

static void finish_group(struct builder *b, const struct group *group)
{
    for (guint i = 0; i < group->drafts->len; i++)
        decide(b, group, draft_at(group, i));
    if (b->params->arriving)
        twins_of_group(b, group);
    files_of_group(b, group, false);
    tasks_of_group(b, group);
}

/* Done with at once, unless a name (rename) or a member has to wait for all others. */
static void settle_group(struct builder *b, struct group *group)
{
    if (b->gathers_job || b->params->on_exists == EXISTS_RENAME ||
        diag_errors(b->diag) > b->errors_before) {
        g_ptr_array_add(b->groups, group);
        return;
    }
    finish_group(b, group);
    group_free(group);
}

/* Takes the group. */
static void draft_group(struct builder *b, struct group *group, const struct fork *fork)
{
    for (guint o = 0; o < job_at(b->plan, group->job)->outputs->len; o++)
        if (route_wanted(b, group->job, (int)o) && join_belongs(b, group, (int)o))
            route_output(b, group, (int)o);
    resolve_group(b, group, fork);
    settle_group(b, group);
}

/* The inputs that are the job's, one bool each. Caller frees. */
static bool *inputs_of_job(struct builder *b, int j, const bool *taken)
{
    const struct pipeline_job *job = job_at(b->plan, j);
    guint jobs = b->plan->pipeline->jobs->len;
    bool *of_job = g_new0(bool, b->plan->inputs->len + 1);
    for (guint i = 0; i < b->plan->inputs->len; i++)
        of_job[i] = taken[i * jobs + (guint)j] && route_takes(b, job, input_at(b->plan, (int)i));
    return of_job;
}

static void draft_job(struct builder *b, int j, const bool *taken, bool *matched)
{
    const struct pipeline_job *job = job_at(b->plan, j);
    g_autofree bool *of_job = inputs_of_job(b, j, taken);
    struct fork fork = fork_of(job);
    unsigned index = 0;
    b->gathers_job = gather_in_job(job);
    for (guint i = 0; i < b->plan->inputs->len; i++) {
        if (!of_job[i])
            continue;
        matched[i] = true;
        draft_group(b, group_create(j, (int)i, ++index), &fork);
    }
    g_autoptr(GPtrArray) joined = join_groups(b, j, of_job);
    for (guint i = 0; i < joined->len; i++)
        draft_group(b, joined->pdata[i], &fork);
    if (b->gathers_job)
        gather_identify(b, j);
    b->gathers_job = false;
}

static bool job_selected(const struct builder *b, int job)
{
    for (guint o = 0; o < job_at(b->plan, job)->outputs->len; o++)
        if (route_selected(b, job, (int)o))
            return true;
    return false;
}

static void draft_all(struct builder *b)
{
    guint jobs = b->plan->pipeline->jobs->len, inputs = b->plan->inputs->len;
    g_autofree bool *taken = g_new0(bool, (gsize)jobs *inputs + 1);
    g_autofree bool *matched = g_new0(bool, inputs + 1);
    for (guint i = 0; i < inputs; i++)
        route_names(b, input_at(b->plan, (int)i), taken + (gsize)i * jobs);
    for (guint j = 0; j < jobs; j++)
        if (job_selected(b, (int)j))
            draft_job(b, (int)j, taken, matched);
    for (guint i = 0; i < inputs; i++)
        b->plan->matched += matched[i];
}

static void sum_up(struct plan *plan)
{
    for (guint i = 0; i < plan->tasks->len; i++)
        plan->seconds += ((struct plan_task *)plan->tasks->pdata[i])->seconds;
    for (guint i = 0; i < plan->outputs->len; i++)
        plan->bytes += ((struct plan_output *)plan->outputs->pdata[i])->bytes;
}

static bool build(struct builder *b)
{
    b->errors_before = diag_errors(b->diag);
    if (!route_only_check(b))
        return false;
    draft_all(b);
    collide_folders(b);
    bool fine = diag_errors(b->diag) == b->errors_before;
    for (guint i = 0; i < b->groups->len; i++)
        if (fine)
            finish_group(b, b->groups->pdata[i]);
        else
            files_of_group(b, b->groups->pdata[i], true);
    if (diag_errors(b->diag) > b->errors_before)
        return false;
    measure_finish(b);
    notes_finish(b);
    pages_left(b);
    urgency_of_tasks(b->plan);
    urgency_foresee(b);
    sum_up(b->plan);
    return true;
}

struct plan *plan_build(const struct pipeline *pipeline, const GPtrArray *inputs,
                        const struct plan_params *params, const struct plan_world *world,
                        struct diag *diag)
{
    struct builder b = {.plan = plan_create(pipeline, inputs, params),
                        .params = params,
                        .world = world,
                        .diag = diag};
    builder_init(&b);
    bool fine = build(&b);
    builder_finish(&b);
    if (fine)
        return b.plan;
    plan_destroy(b.plan);
    return NULL;
}
