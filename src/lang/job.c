/* SPDX-License-Identifier: GPL-3.0-or-later
 * One job: its inputs, steps and outputs. */
#include "base/unit.h"
#include "load.h"
#include "model/task.h"
#include "model/trust.h"
#include "text.h"

#include <string.h>

static void job_destroy(gpointer data)
{
    struct pipeline_job *job = data;
    g_free(job->name);
    g_ptr_array_unref(job->include);
    g_ptr_array_unref(job->exclude);
    when_destroy(job->when);
    g_ptr_array_unref(job->steps);
    g_ptr_array_unref(job->outputs);
    g_free(job);
}

static struct pipeline_job *job_new(struct loader *loader, const char *name, struct mark at)
{
    struct pipeline_job *job = g_new0(struct pipeline_job, 1);
    job->name = g_strdup(name);
    job->at = at;
    job->include = g_ptr_array_new_with_free_func(g_free);
    job->exclude = g_ptr_array_new_with_free_func(g_free);
    job->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_use_destroy);
    job->outputs = g_ptr_array_new_with_free_func((GDestroyNotify)output_destroy);
    if (!loader->pipeline->jobs)
        loader->pipeline->jobs = g_ptr_array_new_with_free_func(job_destroy);
    g_ptr_array_add(loader->pipeline->jobs, job);
    return job;
}

static void add_glob(struct loader *loader, const struct node *node, GPtrArray *globs)
{
    if (node->kind != NODE_SCALAR)
        diag_error(loader->diag, node->at, NULL, "a pattern must be one text");
    else if (glob_check(node->text, node->at, loader->diag))
        g_ptr_array_add(globs, g_strdup(node->text));
}

static void load_globs(struct loader *loader, const struct node *node, GPtrArray *globs)
{
    if (node && node->kind == NODE_SCALAR)
        add_glob(loader, node, globs);
    for (guint i = 0; i < node_length(node); i++)
        add_glob(loader, node_item(node, i), globs);
}

static bool any_numbered(const GPtrArray *globs)
{
    for (guint i = 0; i < globs->len; i++)
        if (sequence_width(globs->pdata[i]))
            return true;
    return false;
}

static bool load_rate(struct loader *loader, const struct node *fps, struct rational *rate)
{
    bool read = rational_parse(fps->text, rate) && rate->num > 0 && rate->num <= G_MAXINT;
    if (read && rational_value(*rate) >= 1 && rational_value(*rate) <= 1000)
        return true;
    *rate = (struct rational){0, 1};
    diag_error(loader->diag, fps->at, "1 to 1000 frames a second: 24, 23.976, 30000/1001",
               "\"%s\" is not a frame rate", fps->text);
    return false;
}

static bool load_duration(struct loader *loader, const struct node *duration, double *seconds)
{
    const double most_s = 24 * 3600;
    if (unit_parse(duration->text, UNIT_SECONDS, seconds) && *seconds > 0 && *seconds <= most_s)
        return true;
    diag_error(loader->diag, duration->at, "above 0 and up to 24h: 5s, 1:30",
               "\"%s\" is not a duration", duration->text);
    return false;
}

/* Pictures that are films have no rate of their own. */
static void load_films(struct loader *loader, struct pipeline_job *job, const struct node *inputs)
{
    const struct node *fps = node_get(inputs, "fps"), *duration = node_get(inputs, "duration");
    const bool numbered = any_numbered(job->include);
    struct rational rate = {0, 1};
    double seconds = 0;
    if (fps && !numbered && !duration)
        diag_error(loader->diag, fps->at,
                   "name those with one run of 2 to 9 \"#\" before the extension, include: "
                   "[\"renders/*/shot.####.exr\"], or add duration: 5s for stills",
                   "fps is of numbered pictures and of stills with a duration; here is neither");
    else if (!fps && (numbered || duration))
        diag_error(loader->diag, duration ? duration->at : node_get(inputs, "include")->at,
                   "add fps: 24, as they are meant to be shown", "%s no frame rate of their own",
                   numbered ? "numbered pictures have" : "stills have");
    else if (!fps || !load_rate(loader, fps, &rate) ||
             (duration && !load_duration(loader, duration, &seconds)))
        return;
    else if (numbered)
        job->sequence.fps = rate;
    if (duration)
        job->still = (struct sequence_rule){.fps = rate, .still_s = seconds};
}

static void trust_word(struct loader *loader, struct pipeline_job *job, const struct node *word)
{
    const char *text = word->kind == NODE_SCALAR ? word->text : "";
    const struct trust_row *row = trust_find(text);
    if (row) {
        job->trust |= row->trust;
        return;
    }
    g_autofree char *hint = name_hint(text, trust_words());
    diag_error(loader->diag, word->at, hint, "\"%s\" is no format that `trust` opens", text);
}

static void load_trust(struct loader *loader, struct pipeline_job *job, const struct node *trust)
{
    if (trust && trust->kind == NODE_SCALAR)
        trust_word(loader, job, trust);
    for (guint i = 0; trust && trust->kind == NODE_LIST && i < node_length(trust); i++)
        trust_word(loader, job, node_item(trust, i));
}

static void load_megapixels(struct loader *loader, struct pipeline_job *job,
                            const struct node *node)
{
    guint64 millions = 0;
    if (node && !g_ascii_string_to_unsigned(node->text, 10, 1, MEGAPIXELS_MAX, &millions, NULL))
        diag_error(loader->diag, node->at, "a whole number, 1 to 1000000: max_megapixels: 500",
                   "\"%s\" is no number of million pixels", node->text);
    job->max_megapixels = (unsigned)millions;
}

static void load_inputs(struct loader *loader, struct pipeline_job *job, const struct node *map)
{
    const struct node *node = node_get(map, "inputs");
    g_auto(node_ptr) inputs = node ? node_copy(node) : NULL;
    if (!inputs || !keys_check(inputs, IN_INPUTS, "inputs", loader->diag))
        return;
    load_globs(loader, node_get(inputs, "include"), job->include);
    load_globs(loader, node_get(inputs, "exclude"), job->exclude);
    load_films(loader, job, inputs);
    load_trust(loader, job, node_get(inputs, "trust"));
    load_megapixels(loader, job, node_get(inputs, "max_megapixels"));
    job->sequence.hold = g_strcmp0(node_get_text(inputs, "on_gap"), "hold") == 0;
    job->changes_conform = g_strcmp0(node_get_text(inputs, "on_change"), "conform") == 0;
}

static void load_damaged(struct pipeline_job *job, const struct node *map)
{
    job->damaged_allow = g_strcmp0(node_get_text(map, "damaged"), "allow") == 0;
}

static void add_output(struct loader *loader, struct pipeline_job *job,
                       struct pipeline_output *output, const struct node *map)
{
    output->urgency = job->urgency;
    urgency_load(loader, map, &output->urgency);
    g_ptr_array_add(job->outputs, output);
}

static void load_output(struct loader *loader, struct pipeline_job *job, const struct node *key,
                        const struct node *value)
{
    g_auto(node_ptr) map = node_is_null(value) ? node_map(key->at) : node_copy(value);
    g_autofree char *what = g_strdup_printf("the output \"%s\"", key->text);
    if (!is_part_name(key->text))
        diag_error(loader->diag, key->at, "use letters (a to z), digits, \"-\", \"_\" and \".\"",
                   "\"%s\" can't be the name of an output", key->text);
    else if (keys_check(map, IN_OUTPUT, what, loader->diag))
        add_output(loader, job, output_load(loader, key->text, key->at, map, job_kinds(job)), map);
}

static int output_index(const struct pipeline_job *job, const char *name)
{
    for (guint i = 0; i < job->outputs->len; i++)
        if (strcmp(((struct pipeline_output *)job->outputs->pdata[i])->name, name) == 0)
            return (int)i;
    return -1;
}

static void unknown_source(struct loader *loader, const struct pipeline_job *job,
                           const struct node *from)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < job->outputs->len; i++)
        g_ptr_array_add(names, ((struct pipeline_output *)job->outputs->pdata[i])->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(from->text, (const char *const *)names->pdata);
    diag_error(loader->diag, from->at, hint, "the job \"%s\" has no output \"%s\"", job->name,
               from->text);
}

static bool in_circle(const struct pipeline_job *job, int start)
{
    int at = start;
    for (guint hops = 0; hops <= job->outputs->len; hops++) {
        at = ((struct pipeline_output *)job->outputs->pdata[at])->from;
        if (at < 0 || at == start)
            return at == start;
    }
    return false;
}

static bool is_package(const struct pipeline_output *output)
{
    const struct container *container = container_by_name(output->container);
    return container && container_is_package(container);
}

/* The index of the output that `from` names; -1 after reporting. */
static int source_index(struct loader *loader, const struct pipeline_job *job,
                        const struct node *from)
{
    if (from->kind != NODE_SCALAR || node_is_null(from)) {
        diag_error(loader->diag, from->at, "for example from: [v1080, v540]",
                   "each of a list of outputs is one name");
        return -1;
    }
    int index = output_index(job, from->text);
    if (index < 0)
        unknown_source(loader, job, from);
    else if (((struct pipeline_output *)job->outputs->pdata[index])->files) {
        diag_error(loader->diag, from->at, "let it take the job's input, or another output",
                   "the output \"%s\" is a folder, which can't be a source", from->text);
        return -1;
    }
    return index;
}

static bool is_linked(const struct pipeline_output *output, int index)
{
    bool linked = output->from == index;
    for (guint i = 0; i < output->others->len; i++)
        linked |= g_array_index(output->others, int, i) == index;
    return linked;
}

/* Segments and lists count time in a unit that divides a second by a whole number. */
static bool is_rung(const struct pipeline_output *source)
{
    return !source->container || list_has("mp4 mov m4a", source->container);
}

static void add_source(struct loader *loader, const struct pipeline_job *job,
                       struct pipeline_output *output, const struct node *from)
{
    int index = source_index(loader, job, from);
    const struct pipeline_output *source = index < 0 ? NULL : job->outputs->pdata[index];
    if (!source)
        return;
    if (is_linked(output, index))
        diag_error(loader->diag, from->at, "name each rung once",
                   "the output \"%s\" is made of \"%s\" already", output->name, from->text);
    else if (is_package(output) && !is_rung(source))
        diag_error(loader->diag, from->at, "let the rung be MP4 or MOV",
                   "%s is made of MP4 and MOV, and \"%s\" is %s", output->container, from->text,
                   source->container);
    else if (output->from < 0)
        output->from = index;
    else
        g_array_append_val(output->others, index);
}

static void link_list(struct loader *loader, const struct pipeline_job *job,
                      struct pipeline_output *output, const struct node *list)
{
    if (!is_package(output)) {
        diag_error(loader->diag, list->at, "name one",
                   "only HLS and DASH are made of several outputs");
        return;
    }
    for (guint i = 0; i < node_length(list); i++)
        add_source(loader, job, output, node_item(list, i));
}

static void link_sources(struct loader *loader, struct pipeline_job *job,
                         const struct node *outputs)
{
    for (guint i = 0; i < job->outputs->len; i++) {
        struct pipeline_output *output = job->outputs->pdata[i];
        const struct node *map = node_get(outputs, output->name);
        const struct node *from = node_get(map, "from");
        if (!from || node_is_null(from))
            continue;
        if (from->kind == NODE_LIST)
            link_list(loader, job, output, from);
        else
            add_source(loader, job, output, from);
        if (output->from >= 0 && in_circle(job, (int)i))
            diag_error(loader->diag, from->at, "let one of them take the job's input",
                       "the output \"%s\" is its own source", output->name);
    }
}

void job_load(struct loader *loader, const char *name, struct mark at, const struct node *map)
{
    struct pipeline_job *job = job_new(loader, name, at);
    const struct node *outputs = node_get(map, "outputs");
    load_inputs(loader, job, map);
    load_damaged(job, map);
    urgency_load(loader, map, &job->urgency);
    job->when = condition_load(loader, map);
    steps_load(loader, node_get(map, "steps"), job->steps);
    for (guint i = 0; i < node_length(outputs); i++)
        load_output(loader, job, outputs->keys->pdata[i], node_item(outputs, i));
    link_sources(loader, job, outputs);
    if (!node_length(outputs))
        diag_error(loader->diag, at, "add outputs: {web: {preset: h264-web-1080p}}",
                   "the job \"%s\" has no outputs", name);
    routes_check(job, job_kinds(job), loader->diag);
}

static bool any_matches(const GPtrArray *globs, const char *path)
{
    for (guint i = 0; i < globs->len; i++)
        if (glob_match(globs->pdata[i], path))
            return true;
    return false;
}

static bool is_media(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && kind_of_extension(dot + 1) != KIND_NONE;
}

static bool is_still(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && kind_of_extension(dot + 1) == KIND_IMAGE;
}

static bool names(const struct pipeline_job *job, const char *relative)
{
    bool in = job->include->len ? any_matches(job->include, relative) : is_media(relative);
    return in && !any_matches(job->exclude, relative);
}

bool job_includes(const struct pipeline_job *job, const char *relative,
                  const struct sequence_rule *rule)
{
    bool film = sequence_rule_is_set(&job->still) && is_still(relative);
    const struct sequence_rule *own = rule->still_s > 0 ? &job->still : &job->sequence;
    bool fits = sequence_rule_is_set(rule) ? sequence_rule_equal(rule, own) : !film;
    return fits && names(job, relative);
}

char *job_film_of(const struct pipeline_job *job, const char *relative,
                  const struct sequence_rule **rule)
{
    *rule = &job->sequence;
    for (guint i = 0; sequence_rule_is_set(&job->sequence) && i < job->include->len; i++) {
        unsigned width = sequence_width(job->include->pdata[i]);
        g_autofree char *path = width ? sequence_path(relative, width) : NULL;
        if (path && glob_match(job->include->pdata[i], path) && !any_matches(job->exclude, path))
            return g_steal_pointer(&path);
    }
    *rule = &job->still;
    bool film = sequence_rule_is_set(&job->still) && is_still(relative);
    return film && names(job, relative) ? g_strdup(relative) : NULL;
}

void single_load(struct loader *loader, const char *output, const struct node *map)
{
    struct pipeline_job *job = job_new(loader, "main", map->at);
    load_inputs(loader, job, map);
    load_damaged(job, map);
    add_output(loader, job, output_load(loader, output, map->at, map, job_kinds(job)), map);
    routes_check(job, job_kinds(job), loader->diag);
}
