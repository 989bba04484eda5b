/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs that gather all of a task's stills: each is decoded once, goes through the steps before
 * the one that gathers, and is let go before the next. */
#include "steps.h"

#include "base/file.h"

#include <string.h>

/* What is to be said of stills: once, with the first of those that it is about. */
struct said {
    char *note, *first;
    guint count;
};

static void said_free(void *data)
{
    struct said *said = data;
    g_free(said->note);
    g_free(said->first);
    g_free(said);
}

/* An output on the way. */
struct gathering {
    struct image_job on;
    struct output_result *result;
    const struct sheet_faces *faces;
    guint at; /* of the step that gathers */
    void *params, *sheet;
    GPtrArray *said; /* struct said */
};

static bool is_sheet(const struct step_call *call)
{
    const struct faces *faces = faces_find(call->name);
    return faces && faces_sheet(faces->step);
}

static const struct step_call *call_of(const struct gathering *g)
{
    return g->on.output->steps->pdata[g->at];
}

static bool begin(struct gathering *g, struct failure *failure)
{
    const GPtrArray *steps = g->on.output->steps;
    while (g->at < steps->len && !is_sheet(steps->pdata[g->at]))
        g->at++;
    if (g->at == steps->len)
        return fail(failure, FAIL_INTERNAL, "no step gathers the stills");
    const struct face_env env = image_env(&g->on, call_of(g));
    g->faces = faces_sheet(faces_find(call_of(g)->name)->step);
    g->params = image_params(call_of(g), failure);
    g->sheet =
        g->params ? g->faces->begin(g->params, g->on.job->task->parts->len, &env, failure) : NULL;
    return g->sheet;
}

static void end(struct gathering *g)
{
    if (g->sheet)
        g->faces->free(g->sheet);
    if (g->params)
        params_free(&faces_find(call_of(g)->name)->step->params, g->params);
    g_ptr_array_unref(g->said);
}

static bool goes_on(const struct gathering *g)
{
    return g->result->failure.class == FAIL_NONE;
}

static char *name_of(const struct task *task, guint part)
{
    const struct task_file *file = task->files->pdata[part];
    g_autofree char *name = g_path_get_basename(file->path);
    return path_display(name);
}

/* Behind those that are blamed already: whoever mends the folder needs all names at once. */
static void blame(struct gathering *g, const char *name, const struct failure *why)
{
    struct failure *failure = &g->result->failure;
    if (goes_on(g)) {
        fail(failure, why->class, "%s: %s", name, why->message);
        return;
    }
    g_autofree char *before = failure->message;
    failure->message = g_strdup_printf("%s; %s: %s", before, name, why->message);
}

static void say(GPtrArray *all, const char *note, const char *name)
{
    for (guint i = 0; i < all->len; i++) {
        struct said *said = all->pdata[i];
        if (strcmp(said->note, note) == 0) {
            said->count++;
            return;
        }
    }
    struct said *said = g_new0(struct said, 1);
    *said = (struct said){g_strdup(note), g_strdup(name), 1};
    g_ptr_array_add(all, said);
}

static void take_notes(struct gathering *g, const struct still *still, const char *name)
{
    const GPtrArray *notes = still_notes(still);
    for (guint i = 0; i < notes->len; i++)
        say(g->said, notes->pdata[i], name);
}

/* "a.jpg and 3 more: no colour profile: taken as sRGB"; of damage, which begins as everywhere,
 * "damaged source, read as far as it goes: a.jpg: …". */
static void give_notes(const struct gathering *g)
{
    for (guint i = 0; i < g->said->len; i++) {
        const struct said *said = g->said->pdata[i];
        const bool damaged = g_str_has_prefix(said->note, NOTE_DAMAGED);
        g_autofree char *more =
            said->count > 1 ? g_strdup_printf(" and %u more", said->count - 1) : g_strdup("");
        g_ptr_array_add(g->result->notes,
                        g_strdup_printf("%s%s%s: %s", damaged ? NOTE_DAMAGED : "", said->first,
                                        more, said->note + (damaged ? strlen(NOTE_DAMAGED) : 0)));
    }
}

/* A source is to blame for it, and the job allows that. */
static bool is_allowed(const struct gathering *g, const struct failure *why)
{
    return g->on.job->task->damaged_allow &&
           (why->class == FAIL_INPUT_DAMAGED || why->class == FAIL_UNSUPPORTED);
}

static void miss(struct gathering *g, guint part, const char *name, const struct failure *why)
{
    struct failure *failure = &g->result->failure;
    if (!is_allowed(g, why)) {
        blame(g, name, why);
    } else if (goes_on(g) && g->faces->miss(g->sheet, name, g->params, failure)) {
        struct unread_part *unread = output_result_add_unread(g->result, part);
        fail(&unread->failure, why->class, "%s", why->message);
    }
}

static void take(struct gathering *g, const struct still *source, guint part, const char *name)
{
    struct failure why = {FAIL_NONE, NULL};
    g_auto(still_ptr) still = still_fork(source);
    if (image_steps(&g->on, still, g->on.output->steps, 0, g->at, &why) &&
        g->faces->take(g->sheet, still, name, g->params, &why))
        take_notes(g, still, name);
    else
        miss(g, part, name, &why);
    failure_clear(&why);
}

/* What the part is scaled to first, for each output; NULL: some need the whole of it. */
static struct still_scaling *sizes_of(const struct job *job, const struct gathering *all,
                                      guint part)
{
    const struct facts *facts = job->task->parts->pdata[part];
    const guint outputs = job->task->outputs->len;
    g_autofree struct still_scaling *sizes = g_new0(struct still_scaling, outputs);
    for (guint i = 0; i < outputs; i++) {
        if (job->task->steps->len || !goes_on(&all[i]) || all[i].at)
            return NULL;
        all[i].faces->scaling(all[i].sheet, facts->width, facts->height, &sizes[i]);
    }
    return g_steal_pointer(&sizes);
}

/* To the shared steps, the part is the source. */
static struct still *open_whole(const struct job *job, guint part, const struct still_opts *opts,
                                struct failure *failure)
{
    struct task task = *job->task;
    task.source = task.parts->pdata[part];
    task.parts = NULL;
    const struct job one = {.task = &task, .fds = job->fds, .speaker = job->speaker};
    const struct image_job shared = {&one, NULL};
    g_auto(still_ptr) still = still_open(job->fds[part], opts, failure);
    if (!still || !image_steps(&shared, still, task.steps, 0, task.steps->len, failure) ||
        (task.steps->len && !still_settle(still, failure)))
        return NULL;
    return g_steal_pointer(&still);
}

static void take_sizes(const struct job *job, struct gathering *all, guint part,
                       const struct still_opts *opts, const struct still_scaling *sizes,
                       const char *name, struct failure *why)
{
    const guint outputs = job->task->outputs->len;
    g_autoptr(GPtrArray) stills = still_open_sizes(job->fds[part], opts, sizes, outputs, why);
    for (guint i = 0; i < outputs; i++) {
        if (stills)
            take(&all[i], stills->pdata[i], part, name);
        else
            miss(&all[i], part, name, why);
    }
}

static void take_whole(const struct job *job, struct gathering *all, guint part,
                       const struct still_opts *opts, const char *name, struct failure *why)
{
    g_auto(still_ptr) still = open_whole(job, part, opts, why);
    for (guint i = 0; i < job->task->outputs->len; i++) {
        if (!still)
            miss(&all[i], part, name, why);
        else if (goes_on(&all[i]))
            take(&all[i], still, part, name);
    }
}

static void take_part(const struct job *job, struct gathering *all, guint part)
{
    struct failure why = {FAIL_NONE, NULL};
    g_autofree char *name = name_of(job->task, part);
    const struct still_opts opts = {.damaged_allow = job->task->damaged_allow,
                                    .threads = job->task->threads};
    g_autofree struct still_scaling *sizes = sizes_of(job, all, part);
    if (sizes)
        take_sizes(job, all, part, &opts, sizes, name, &why);
    else
        take_whole(job, all, part, &opts, name, &why);
    failure_clear(&why);
}

/* Of a sheet without a picture: it isn't delivered, and they are why. */
static void blame_all(struct gathering *g)
{
    GPtrArray *unread = g->result->unread;
    for (guint i = 0; i < unread->len; i++) {
        const struct unread_part *part = unread->pdata[i];
        g_autofree char *name = name_of(g->on.job->task, part->part);
        blame(g, name, &part->failure);
    }
    g_ptr_array_set_size(unread, 0);
}

static void finish(struct gathering *g)
{
    const GPtrArray *steps = g->on.output->steps;
    struct failure *failure = &g->result->failure;
    g_auto(still_ptr) still = g->faces->end(g->sheet, failure);
    struct image_hearing hearing;
    image_hear(&hearing, g->on.job);
    image_hear_share(&hearing, 0.999, 0.999);
    if (still)
        still_listen(still, &hearing.listener);
    if (still && image_steps(&g->on, still, steps, g->at + 1, steps->len, failure))
        image_write(g->on.job, still, g->on.output, g->result);
    give_notes(g);
}

void image_render_sheets(const struct job *job, struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    const guint parts = job->task->parts->len;
    g_autofree struct gathering *all = g_new0(struct gathering, outputs->len);
    for (guint i = 0; i < outputs->len; i++) {
        all[i] = (struct gathering){.on = {job, outputs->pdata[i]},
                                    .result = result->outputs->pdata[i],
                                    .said = g_ptr_array_new_with_free_func(said_free)};
        begin(&all[i], &all[i].result->failure);
    }
    for (guint part = 0; part < parts; part++) {
        image_say(job, "decode", (double)part / parts);
        take_part(job, all, part);
    }
    for (guint i = 0; i < outputs->len; i++) {
        if (all[i].result->unread->len == parts)
            blame_all(&all[i]);
        if (goes_on(&all[i]))
            finish(&all[i]);
        end(&all[i]);
    }
}
