/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs with `each: job`: which inputs they join, in which order. */
#include "build.h"

#include "base/hash.h"
#include "base/timecode.h"

#include <math.h>

void joined_free(void *data)
{
    struct plan_joined *joined = data;
    g_array_unref(joined->inputs);
    facts_destroy(joined->facts);
    g_free(joined->content);
    g_free(joined);
}

static const struct plan_input *member_at(const struct plan *plan, const struct plan_joined *joined,
                                          guint i)
{
    return input_at(plan, g_array_index(joined->inputs, int, i));
}

const struct plan_unread *join_unread(const struct builder *b, const struct group *group)
{
    const GArray *unread = b->plan->unread, *inputs = group->joined->inputs;
    for (guint u = 0; u < unread->len; u++) {
        const struct plan_unread *row = &g_array_index(unread, struct plan_unread, u);
        for (guint i = 0; row->job == group->job && i < inputs->len; i++)
            if (g_array_index(inputs, int, i) == row->input)
                return row;
    }
    return NULL;
}

/* Of one input it is the input's name. */
char *join_names(const struct plan *plan, int input, const struct plan_joined *joined)
{
    g_autofree char *first = path_display(input_at(plan, input)->relative);
    if (!joined || joined->inputs->len < 2)
        return g_steal_pointer(&first);
    return g_strdup_printf("%s and %u more", first, joined->inputs->len - 1);
}

static gint by_name(gconstpointer a, gconstpointer b, gpointer plan)
{
    const int *one = a, *other = b;
    int order =
        path_compare_natural(input_at(plan, *one)->relative, input_at(plan, *other)->relative);
    return order ? order : *one - *other;
}

/* Frames since midnight, in seconds; those without a timecode come last. */
static double begins_s(const struct plan_input *input)
{
    struct timecode timecode;
    const struct facts *facts = input->facts;
    bool known = facts && facts->timecode &&
                 timecode_parse(facts->timecode, facts->fps, &timecode) && timecode.rate;
    return known ? (double)timecode.frame / timecode.rate : INFINITY;
}

static gint by_timecode(gconstpointer a, gconstpointer b, gpointer plan)
{
    const int *one = a, *other = b;
    double first = begins_s(input_at(plan, *one)), second = begins_s(input_at(plan, *other));
    return first == second ? by_name(a, b, plan) : first < second ? -1 : 1;
}

/* Where they have more than half a day between them they pass midnight there: the later ones come
 * first. They are in order already. */
static void pass_midnight(const struct plan *plan, GArray *members)
{
    static const double half_a_day_s = 12 * 3600;
    for (guint i = 1; i < members->len; i++) {
        const double before_s = begins_s(input_at(plan, g_array_index(members, int, i - 1)));
        const double begins = begins_s(input_at(plan, g_array_index(members, int, i)));
        if (!isfinite(begins) || begins - before_s <= half_a_day_s)
            continue;
        guint timed = i;
        while (timed < members->len &&
               isfinite(begins_s(input_at(plan, g_array_index(members, int, timed)))))
            timed++;
        g_autofree int *early = g_memdup2(members->data, i * sizeof(int));
        g_array_insert_vals(members, timed, early, i);
        g_array_remove_range(members, 0, i);
        return;
    }
}

static const char *makes_one(enum kind kind)
{
    return kind == KIND_VIDEO ? "it joins films" : "it gathers stills";
}

/* Why an input has nothing for an output that joins; NULL: it has. */
static const char *why_not_joined(const struct plan_input *input, const struct pipeline_job *job,
                                  const struct pipeline_output *output)
{
    if (input->facts && output->kind != KIND_AUDIO && input->facts->kind != output->kind)
        return makes_one(output->kind);
    return input->facts ? route_why_not(input, job, output) : NULL;
}

static void warn_without(struct builder *b, const struct pipeline_output *output, const char *who,
                         const struct plan_unread *unread)
{
    g_autofree char *name = path_display(input_at(b->plan, unread->input)->relative);
    g_autofree char *text =
        g_strdup_printf("%s: goes on without %s: %s", who, name, unread->failure.message);
    diag_warning(b->diag, output->at, "replace the file, and the output is made again with it",
                 "%s", text);
    g_ptr_array_add(b->plan->warnings, g_steal_pointer(&text));
}

/* How many there are now. */
static guint add_unread(struct builder *b, int job, int output, const GArray *members)
{
    for (guint i = 0; i < members->len; i++) {
        struct plan_unread unread = {
            .job = job, .output = output, .input = g_array_index(members, int, i)};
        if (!job_reads(b, job, unread.input, &unread.failure))
            g_array_append_val(b->plan->unread, unread);
    }
    return b->plan->unread->len;
}

static void remove_member(GArray *members, int input)
{
    for (guint i = members->len; i-- > 0;)
        if (g_array_index(members, int, i) == input)
            g_array_remove_index(members, i);
}

/* Those from `first` on, unless none would be left. */
static void leave_out_unread(struct builder *b, const struct pipeline_output *output,
                             const char *who, guint first, GArray *members)
{
    const GArray *unread = b->plan->unread;
    if (unread->len - first == members->len)
        return;
    for (guint i = first; i < unread->len; i++) {
        const struct plan_unread *row = &g_array_index(unread, struct plan_unread, i);
        warn_without(b, output, who, row);
        remove_member(members, row->input);
    }
}

/* Of sound alone something has to be heard. */
static void leave_out_mute(struct builder *b, const struct pipeline_output *output, const char *who,
                           GArray *members)
{
    bool heard = output->kind != KIND_AUDIO;
    for (guint i = 0; i < members->len; i++)
        heard |= route_is_heard(input_at(b->plan, g_array_index(members, int, i)));
    for (guint i = 0; !heard && i < members->len; i++)
        note_output(b, who, input_at(b->plan, g_array_index(members, int, i)), "it makes sound");
    if (!heard)
        g_array_set_size(members, 0);
}

/* The inputs that an output joins, in their order; what it passes over is noted. */
static GArray *members_of(struct builder *b, int j, int o, const bool *taken)
{
    const struct pipeline_job *job = job_at(b->plan, j);
    const struct pipeline_output *output = job->outputs->pdata[o];
    GArray *members = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree char *who = g_strdup_printf("%s/%s", job->name, output->name);
    for (guint i = 0; i < b->plan->inputs->len; i++) {
        const struct plan_input *input = input_at(b->plan, (int)i);
        const char *why = taken[i] ? why_not_joined(input, job, output) : NULL;
        int index = (int)i;
        if (why)
            note_output(b, who, input, why);
        else if (taken[i] && route_need(input, job, output))
            g_array_append_val(members, index);
    }
    leave_out_mute(b, output, who, members);
    g_array_sort_with_data(members, output->by_timecode ? by_timecode : by_name, b->plan);
    if (output->by_timecode)
        pass_midnight(b->plan, members);
    const guint first = b->plan->unread->len;
    if (add_unread(b, j, o, members) > first && job->damaged_allow)
        leave_out_unread(b, output, who, first, members);
    return members;
}

static char *content_of(const struct plan *plan, const GArray *members, enum kind kind)
{
    g_autoptr(hash_state) hash = hash_create();
    char digest[HASH_TEXT_SIZE];
    for (guint i = 0; i < members->len; i++) {
        g_autofree char *content = identity_input(input_at(plan, g_array_index(members, int, i)));
        hash_text(hash, content);
    }
    hash_finish(hash, digest);
    return g_strdup_printf("%s:%s",
                           kind == KIND_VIDEO   ? "joined films"
                           : kind == KIND_IMAGE ? "gathered stills"
                                                : "joined",
                           digest);
}

/* What tells of the sound alone: of the first that has any. */
static struct facts *sound_facts(const struct plan *plan, const struct plan_joined *joined)
{
    guint heard = 0;
    while (heard + 1 < joined->inputs->len && !route_is_heard(member_at(plan, joined, heard)))
        heard++;
    const struct facts *begins = member_at(plan, joined, 0)->facts;
    const struct facts *first = member_at(plan, joined, heard)->facts;
    struct facts *all = facts_create();
    all->kind = KIND_AUDIO;
    all->container = g_strdup(first->container);
    all->codec = g_strdup(first->kind == KIND_VIDEO ? first->audio_codec : first->codec);
    all->audio_codec = g_strdup(first->audio_codec);
    all->channel_layout = g_strdup(first->channel_layout);
    all->sample_format = g_strdup(first->sample_format);
    all->channels = first->channels;
    all->sample_rate = first->sample_rate;
    all->audio_bit_depth = first->audio_bit_depth;
    all->audio_tracks = first->audio_tracks;
    all->timecode = g_strdup(begins->timecode);
    all->fps = begins->fps;
    return all;
}

/* Of the first, as long as all of them, and as large as the largest; NULL: one has none. */
static struct facts *facts_of(const struct plan *plan, const struct plan_joined *joined)
{
    for (guint i = 0; i < joined->inputs->len; i++)
        if (!member_at(plan, joined, i)->facts)
            return NULL;
    const struct facts *first = member_at(plan, joined, 0)->facts;
    struct facts *all = joined->kind == KIND_AUDIO ? sound_facts(plan, joined) : facts_copy(first);
    bool known = true;
    all->duration_s = NAN;
    all->size_bytes = all->frames = all->samples = 0;
    double length_s = 0;
    for (guint i = 0; i < joined->inputs->len; i++) {
        const struct facts *facts = member_at(plan, joined, i)->facts;
        known &= facts->duration_s > 0;
        length_s += facts->duration_s;
        all->size_bytes += facts->size_bytes;
        if (joined->kind == KIND_IMAGE) {
            all->width = MAX(all->width, facts->width);
            all->height = MAX(all->height, facts->height);
        }
    }
    if (known)
        all->duration_s = length_s;
    return all;
}

static bool same_inputs(const GArray *a, const GArray *b)
{
    return a->len == b->len && memcmp(a->data, b->data, a->len * sizeof(int)) == 0;
}

static struct group *group_of(const GPtrArray *groups, const GArray *members, enum kind kind,
                              unsigned page)
{
    for (guint i = 0; i < groups->len; i++) {
        struct group *group = groups->pdata[i];
        if (group->joined->kind == kind && group->joined->page == page &&
            same_inputs(group->joined->inputs, members))
            return group;
    }
    return NULL;
}

/* Takes the members. */
static struct group *make_group(struct builder *b, int job, const bool *taken, GArray *members,
                                enum kind kind, unsigned page)
{
    struct plan_joined *joined = g_new0(struct plan_joined, 1);
    int first = g_array_index(members, int, 0);
    unsigned index = 0;
    joined->inputs = members;
    joined->kind = kind;
    joined->page = page;
    joined->facts = facts_of(b->plan, joined);
    joined->content = content_of(b->plan, members, kind);
    g_ptr_array_add(b->plan->joined, joined);
    for (int i = 0; i <= first; i++)
        index += taken[i];
    struct group *group = group_create(job, first, index);
    group->joined = joined;
    group->roots = g_array_new(FALSE, FALSE, sizeof(int));
    return group;
}

static bool too_many(struct builder *b, const struct pipeline_output *output, guint count)
{
    if (count <= TASK_PARTS_MAX)
        return false;
    diag_error(b->diag, output->at, "narrow the job's `inputs`, or join in two steps",
               "output %s: %u inputs are more than can be joined (%d)", output->name, count,
               TASK_PARTS_MAX);
    return true;
}

/* Takes the members. */
static void add_page(struct builder *b, int job, int output, const bool *taken, GPtrArray *groups,
                     GArray *members, unsigned page)
{
    const struct pipeline_output *to = output_at(b->plan, job, output);
    struct group *group = group_of(groups, members, to->kind, page);
    if (group || too_many(b, to, members->len)) {
        g_array_unref(members);
    } else {
        group = make_group(b, job, taken, members, to->kind, page);
        g_ptr_array_add(groups, group);
    }
    if (group)
        g_array_append_val(group->roots, output);
}

static unsigned places_of(const struct call *call)
{
    void *params = call_params(call);
    unsigned places = call->step->places(params);
    params_free(&call->step->params, params);
    return places;
}

/* How many of them one output holds. */
static guint page_size(struct builder *b, int job, int output, const GArray *members)
{
    const struct pipeline_output *to = output_at(b->plan, job, output);
    const int first = g_array_index(members, int, 0);
    const struct template_env env = env_of_input(b->plan, job, to, first);
    for (guint s = 0; to->kind == KIND_IMAGE && s < to->steps->len; s++) {
        const struct step_use *use = to->steps->pdata[s];
        struct call *call =
            use->step->places ? resolve_call(b, use, &env, input_at(b->plan, first)) : NULL;
        unsigned places = call ? places_of(call) : 0;
        if (call)
            call_unref(call);
        if (places)
            return places;
    }
    return members->len;
}

static GArray *slice(const GArray *members, guint from, guint count)
{
    GArray *some = g_array_new(FALSE, FALSE, sizeof(int));
    return g_array_append_vals(some, &g_array_index(members, int, from),
                               MIN(count, members->len - from));
}

static void add_root(struct builder *b, int job, int output, const bool *taken, GPtrArray *groups)
{
    const struct pipeline_output *to = output_at(b->plan, job, output);
    g_autoptr(GArray) members = members_of(b, job, output, taken);
    if (to->kind == KIND_VIDEO && !to->conforms)
        join_check_alike(b, to, members);
    if (!members->len)
        return;
    const guint size = page_size(b, job, output, members);
    for (guint from = 0, page = 1; from < members->len; from += size, page++)
        add_page(b, job, output, taken, groups, slice(members, from, size), page);
}

GPtrArray *join_groups(struct builder *b, int job, const bool *taken)
{
    GPtrArray *groups = g_ptr_array_new();
    for (guint o = 0; o < job_at(b->plan, job)->outputs->len; o++)
        if (output_at(b->plan, job, (int)o)->each_job && route_wanted(b, job, (int)o))
            add_root(b, job, (int)o, taken, groups);
    return groups;
}

bool join_belongs(const struct builder *b, const struct group *group, int output)
{
    int root = output;
    while (output_at(b->plan, group->job, root)->from >= 0)
        root = output_at(b->plan, group->job, root)->from;
    if (!group->joined)
        return !output_at(b->plan, group->job, root)->each_job;
    for (guint i = 0; i < group->roots->len; i++)
        if (g_array_index(group->roots, int, i) == root)
            return true;
    return false;
}

void join_check_call(struct builder *b, const struct group *group, const struct step_use *use,
                     const struct call *call)
{
    if (!group->joined || !call->grouped)
        return;
    g_autofree char *message =
        g_strdup_printf("%s.group: with `each: job` all inputs become one, and there is no group",
                        call->step->name);
    resolve_error(b, use->at, input_at(b->plan, group->input), "leave `group` out", message);
}
