/* SPDX-License-Identifier: GPL-3.0-or-later
 * Measure before render: where a step must know the whole programme, what came before it in the
 * chain of sound, or of picture, is measured, once for all that ask the same. */
#include "build.h"

#include "base/hash.h"

#include <string.h>

/* A step of a chain of sound, or of picture; `point` when it measures. */
struct link {
    const struct call *call;
    const struct point *point;
};

void point_free(void *data)
{
    struct point *point = data;
    g_free(point->key);
    node_unref(point->known);
    g_free(point);
}

/* What a step that measures has to hear, or to see. */
static enum kind sense_of(const struct step *step)
{
    return step->faces & KIND_AUDIO ? KIND_AUDIO : KIND_VIDEO;
}

static bool is_seen(const struct call *call)
{
    return sense_of(call->step) == KIND_VIDEO;
}

/* What is heard is the same for all that listen there; what is seen is the step's own. */
static char *point_key(const struct builder *b, const struct work *work, const GArray *chain,
                       const struct call *call, bool blocks)
{
    g_autoptr(hash_state) hash = hash_create();
    g_autofree char *input = identity_group(b->plan, work->group);
    hash_text(hash, input);
    hash_text(hash, b->params->software);
    g_autofree char *making = g_strdup_printf("%u", kind_writing(sense_of(call->step)));
    hash_text(hash, making);
    if (work->source)
        hash_text(hash, work->source->to->parameters);
    for (guint i = 0; i < chain->len; i++)
        hash_text(hash, g_array_index(chain, struct link, i).call->token);
    if (blocks)
        hash_text(hash, "blocks");
    if (is_seen(call))
        hash_text(hash, call->token);
    char digest[HASH_TEXT_SIZE];
    hash_finish(hash, digest);
    return g_strdup(digest);
}

/* A measurement can't be in the task that measures what comes before it. */
static unsigned level_of(const GArray *chain)
{
    unsigned level = 0;
    for (guint i = 0; i < chain->len; i++) {
        const struct point *point = g_array_index(chain, struct link, i).point;
        level += point && !point->known;
    }
    return level;
}

static int add_task(struct builder *b, const struct work *work)
{
    struct task *task = task_create(TASK_MEASURE);
    g_autofree char *name = work_source_names(b, work);
    task->media = work_source_kind(b, work);
    task->label = g_strdup_printf("measure %s", name);
    task->source_name = g_strdup(work_source_name(b, work));
    if (!work->source)
        task->source = (struct facts *)group_facts(b->plan, work->group);
    tasks_add_source(b, task, work);
    int id = tasks_add(b, task);
    struct plan_task *planned = b->plan->tasks->pdata[id];
    planned->measure_keys = g_ptr_array_new_with_free_func(g_free);
    planned->guess_s = cost_duration_s(b, work);
    tasks_need_source(planned, work);
    return id;
}

static int task_for(struct builder *b, const struct work *work, enum kind sense, unsigned level)
{
    const struct plan_joined *joined = work->source ? NULL : work->group->joined;
    char *key = g_strdup_printf("%s %u %s %s", kind_name(sense), level,
                                joined ? joined->content : "", work_source_path(b, work));
    int id = GPOINTER_TO_INT(g_hash_table_lookup(b->measures, key)) - 1;
    if (id >= 0) {
        g_free(key);
        return id;
    }
    id = add_task(b, work);
    g_hash_table_insert(b->measures, key, GINT_TO_POINTER(id + 1));
    return id;
}

/* The step's measurement: known, or fed when its task has ended. */
void measure_supply(struct builder *b, const struct point *point, int to, int to_output,
                    int to_step)
{
    struct plan_task *planned = b->plan->tasks->pdata[to];
    struct task *task = planned->task;
    if (!point->known) {
        struct plan_feed feed = {point->task, point->output, to, to_output, to_step};
        g_array_append_val(b->plan->feeds, feed);
        tasks_need(planned, point->task);
        return;
    }
    GPtrArray *steps = to_output < 0
                           ? task->steps
                           : ((struct task_output *)task->outputs->pdata[to_output])->steps;
    ((struct step_call *)steps->pdata[to_step])->measured = node_ref(point->known);
}

static void plan_point(struct builder *b, const struct work *work, struct point *point,
                       const GArray *chain, const struct call *call)
{
    const struct pipeline_job *job = job_at(b->plan, work->group->job);
    enum kind sense = sense_of(call->step);
    point->task = task_for(b, work, sense, level_of(chain));
    struct plan_task *planned = b->plan->tasks->pdata[point->task];
    struct task *task = planned->task;
    task->damaged_allow |= job->damaged_allow;
    task->changes_conform |= job->changes_conform;
    task->trust |= work_trust(b, work);
    struct task_output *meter = task_add_output(task, -1);
    meter->job = g_strdup(job->name);
    meter->output = g_strdup("");
    meter->kind = sense;
    meter->blocks = point->blocks;
    point->output = (int)task->outputs->len - 1;
    g_ptr_array_add(planned->measure_keys, g_strdup(point->key));
    for (guint i = 0; i < chain->len; i++) {
        const struct link *link = &g_array_index(chain, struct link, i);
        tasks_add_call(task, meter->steps, link->call);
        if (link->point)
            measure_supply(b, link->point, point->task, point->output, (int)i);
    }
    if (is_seen(call))
        tasks_add_call(task, meter->steps, call);
}

static struct point *point_at(struct builder *b, const struct work *work, const GArray *chain,
                              const struct call *call, bool blocks)
{
    g_autofree char *key = point_key(b, work, chain, call, blocks);
    struct point *point = g_hash_table_lookup(b->points, key);
    if (point)
        return point;
    point = g_new0(struct point, 1);
    point->task = -1;
    point->blocks = blocks;
    point->known = b->world->measurement(b->world->self, key);
    point->key = g_steal_pointer(&key);
    g_hash_table_insert(b->points, point->key, point);
    return point;
}

/* The render keeps what it measures itself under this key. */
static void leave_to_render(struct plan_task *render, int output, const char *key)
{
    guint count = render->task->outputs->len;
    if (!render->measure_keys) {
        render->measure_keys = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_set_size(render->measure_keys, (int)count);
    }
    render->measure_keys->pdata[output] = g_strdup(key);
}

/* A render's chain, with its place in the render. */
struct chain_place {
    int render, output;
    bool itself; /* measures itself */
};

/* The step at the end of a render's chain is told; a grouped one about its group. */
static void tell_render(struct builder *b, const struct work *work, const struct draft *draft,
                        const struct link *link, int step, struct chain_place place)
{
    const struct point *point = link->point;
    if (link->call->grouped) {
        const struct point group = {.task = gather_task(b, work, draft, link->call)};
        if (group.task >= 0)
            measure_supply(b, &group, place.render, place.output, step);
    } else if (point->known || point->task >= 0) {
        measure_supply(b, point, place.render, place.output, step);
    } else {
        leave_to_render(b->plan->tasks->pdata[place.render], place.output, point->key);
    }
}

/* Steps that measure sound fork off (fork.c): no shared one does. */
static void append_shared(const GPtrArray *calls, GArray *chain)
{
    for (guint i = 0; i < calls->len; i++) {
        struct link link = {.call = calls->pdata[i]};
        if (link.call->step->faces & KIND_AUDIO)
            g_array_append_val(chain, link);
    }
}

static void follow(struct builder *b, const struct work *work, const struct draft *draft,
                   GArray *chain, struct chain_place place)
{
    for (guint i = 0; i < draft->calls->len; i++) {
        struct link link = {.call = draft->calls->pdata[i]};
        if (!(link.call->step->faces & KIND_AUDIO))
            continue;
        if (link.call->step->measures) {
            struct point *point = point_at(b, work, chain, link.call, link.call->grouped);
            link.point = point;
            if (!point->known && point->task < 0 && (!place.itself || link.call->grouped))
                plan_point(b, work, point, chain, link.call);
            tell_render(b, work, draft, &link, (int)i, place);
        }
        g_array_append_val(chain, link);
    }
}

/* Appends to a chain up to `until`; true when that was found. */
static bool append_until(struct builder *b, const struct work *work, const GPtrArray *calls,
                         const struct call *until, GArray *chain)
{
    for (guint i = 0; i < calls->len; i++) {
        struct link link = {.call = calls->pdata[i]};
        if (!(link.call->step->faces & KIND_AUDIO))
            continue;
        if (strcmp(link.call->token, until->token) == 0)
            return true;
        if (link.call->step->measures) {
            struct point *point = point_at(b, work, chain, link.call, false);
            link.point = point;
            if (!point->known && point->task < 0)
                plan_point(b, work, point, chain, link.call);
        }
        g_array_append_val(chain, link);
    }
    return false;
}

struct point *measure_before(struct builder *b, const struct work *work, const struct draft *draft,
                             const struct call *until)
{
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(struct link));
    if (!append_until(b, work, work->group->shared, until, chain) &&
        !append_until(b, work, draft->calls, until, chain))
        return NULL;
    struct point *point = point_at(b, work, chain, until, true);
    if (!point->known && point->task < 0)
        plan_point(b, work, point, chain, until);
    return point;
}

static unsigned count_measures(const GPtrArray *calls)
{
    unsigned count = 0;
    for (guint i = 0; i < calls->len; i++) {
        const struct call *call = calls->pdata[i];
        count += call->step->measures && !is_seen(call);
    }
    return count;
}

/* The most steps that measure in one chain of sound. */
static unsigned most_measures(const struct work *work)
{
    unsigned most = 0;
    for (guint d = 0; d < work->drafts->len; d++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, d);
        if (draft->need & KIND_AUDIO)
            most = MAX(most, count_measures(draft->calls));
    }
    return most;
}

/* A process costs about 10 ms of one core, measuring stereo sound 6 ms a second (EPYC, 2026-11):
 * below this, a task of its own costs more than it saves. */
static const double measured_by_render_s = 2;

static bool measures_itself(const struct builder *b, const struct work *work, unsigned measures)
{
    const struct facts *facts = group_facts(b->plan, work->group);
    return !work->source && measures == 1 && facts->kind == KIND_AUDIO &&
           facts->duration_s <= measured_by_render_s;
}

static void measure_sounds(struct builder *b, const struct work *work, int render)
{
    unsigned measures = most_measures(work);
    if (!measures)
        return;
    struct chain_place place = {render, 0, measures_itself(b, work, measures)};
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(struct link));
    append_shared(work->shared, chain);
    guint shared = chain->len;
    for (guint d = 0; d < work->drafts->len; d++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, d);
        g_array_set_size(chain, shared);
        place.output = (int)d;
        if (draft->need & KIND_AUDIO)
            follow(b, work, draft, chain, place);
    }
}

static bool can_look(struct builder *b, const struct work *work, const struct call *call)
{
    if (work->source || !work->group->joined)
        return true;
    diag_error(b->diag, call->at, "do it to each film, and join what comes out",
               "%s looks at the whole picture first, which it can't over films that are joined",
               call->step->name);
    return false;
}

/* Picture: shared steps, or those of an output (`output` -1: shared). */
static void look(struct builder *b, const struct work *work, const GPtrArray *calls, GArray *chain,
                 int render, int output)
{
    for (guint i = 0; i < calls->len; i++) {
        struct link link = {.call = calls->pdata[i]};
        if (!(link.call->step->faces & KIND_VIDEO))
            continue;
        if (link.call->step->measures && is_seen(link.call) && can_look(b, work, link.call)) {
            struct point *point = point_at(b, work, chain, link.call, false);
            link.point = point;
            if (!point->known && point->task < 0)
                plan_point(b, work, point, chain, link.call);
            measure_supply(b, point, render, output, (int)i);
        }
        g_array_append_val(chain, link);
    }
}

static void measure_pictures(struct builder *b, const struct work *work, int render)
{
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(struct link));
    look(b, work, work->shared, chain, render, -1);
    guint shared = chain->len;
    for (guint d = 0; d < work->drafts->len; d++) {
        const struct draft *draft = &g_array_index(work->drafts, struct draft, d);
        g_array_set_size(chain, shared);
        if (draft->need & KIND_VIDEO)
            look(b, work, draft->calls, chain, render, (int)d);
    }
}

void measure_steps(struct builder *b, const struct work *work, int render)
{
    measure_sounds(b, work, render);
    measure_pictures(b, work, render);
}

static GPtrArray *steps_of(const struct task *task, guint output)
{
    return ((struct task_output *)task->outputs->pdata[output])->steps;
}

static bool same_step(const struct step_call *a, const struct step_call *b)
{
    g_autofree char *x = node_canonical(a->params);
    g_autofree char *y = node_canonical(b->params);
    return strcmp(a->name, b->name) == 0 && strcmp(x, y) == 0 && !a->measured && !b->measured;
}

static bool all_begin_alike(const struct task *task)
{
    for (guint i = 0; i < task->outputs->len; i++)
        if (!steps_of(task, i)->len ||
            !same_step(steps_of(task, 0)->pdata[0], steps_of(task, i)->pdata[0]))
            return false;
    return true;
}

/* What all meters of a task have before them runs once. */
static void hoist(struct task *task)
{
    while (all_begin_alike(task)) {
        g_ptr_array_add(task->steps, g_ptr_array_steal_index(steps_of(task, 0), 0));
        for (guint i = 1; i < task->outputs->len; i++)
            g_ptr_array_remove_index(steps_of(task, i), 0);
    }
}

static bool is_fed(const struct plan *plan, const struct plan_task *planned)
{
    for (guint i = 0; i < planned->needs->len; i++) {
        const struct plan_task *needed = plan->tasks->pdata[g_array_index(planned->needs, int, i)];
        if (needed->task->kind == TASK_MEASURE)
            return true;
    }
    return false;
}

void measure_finish(struct builder *b)
{
    for (guint i = 0; i < b->plan->tasks->len; i++) {
        struct plan_task *planned = b->plan->tasks->pdata[i];
        if (planned->task->kind != TASK_MEASURE)
            continue;
        bool heard = ((struct task_output *)planned->task->outputs->pdata[0])->kind == KIND_AUDIO;
        if (heard && !is_fed(b->plan, planned)) /* feeds know steps by their index */
            hoist(planned->task);
        cost_measure(b, planned);
    }
}
