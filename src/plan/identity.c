/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an output is made of, in three texts; and whether what is there is still that. */
#include "build.h"

#include <string.h>

const char *const stale_names[STALE_COUNT] = {
    [FRESH] = "fresh",         [STALE_NEVER] = "never",           [STALE_FORCED] = "forced",
    [STALE_INPUT] = "input",   [STALE_PARAMETERS] = "parameters", [STALE_SOFTWARE] = "software",
    [STALE_GONE] = "gone",     [STALE_TOUCHED] = "touched",       [STALE_FAILED] = "failed",
    [STALE_SOURCE] = "source", [STALE_SPARED] = "spared",         [STALE_UNVERIFIED] = "unverified",
};
const char *const stale_texts[STALE_COUNT] = {
    [FRESH] = "up to date",
    [STALE_NEVER] = "never rendered before",
    [STALE_FORCED] = "--fresh",
    [STALE_INPUT] = "the source changed",
    [STALE_PARAMETERS] = "settings changed",
    [STALE_SOFTWARE] = "rushes or a library changed",
    [STALE_SOURCE] = "its source is rendered again",
    [STALE_SPARED] = "up to date: its source came out as it was",
    [STALE_GONE] = "the output is missing",
    [STALE_TOUCHED] = "the output was changed by somebody else",
    [STALE_FAILED] = "it was out of spec last time, or lacks what could not be read",
    [STALE_UNVERIFIED] = "rendered by a run that was killed before it was verified",
};

void known_output_clear(struct known_output *known)
{
    g_free(known->input_hash);
    g_free(known->parameters);
    g_free(known->software);
    g_free(known->hash);
    g_free(known->source);
    *known = (struct known_output){0};
}

/* Of an output that nobody looked at: it is up to date only for a run that wouldn't look either. */
#define UNVERIFIED " verify=off"

/* Before the parts of the output it is made from. */
#define SOURCE_MARK "source/"

/* An input that wasn't hashed is known by its stamp. */
char *identity_input(const struct plan_input *input)
{
    if (input->facts && input->facts->hash)
        return g_strdup(input->facts->hash);
    return file_stamp_text(&input->stamp);
}

char *identity_group(const struct plan *plan, const struct group *group)
{
    return group->joined ? g_strdup(group->joined->content)
                         : identity_input(input_at(plan, group->input));
}

/* A still can't be made of what flows into another kind of output. */
bool call_fits(const struct call *call, const struct draft *draft, enum kind kind)
{
    return (call->step->faces & draft->need) && (!call->step->makes_still || kind == KIND_IMAGE);
}

static void add_tokens(GString *out, const GPtrArray *calls, const struct draft *draft,
                       enum kind kind)
{
    for (guint i = 0; i < calls->len; i++) {
        const struct call *call = calls->pdata[i];
        if (call_fits(call, draft, kind))
            g_string_append_printf(out, "%s ", call->token);
    }
}

/* Whether the source was verified is its own affair. */
static void add_source(GString *out, const char *parameters)
{
    g_auto(GStrv) parts = g_strsplit(parameters ? parameters : "", " ", -1);
    for (char **part = parts; *part; part++)
        if (strcmp(*part, &UNVERIFIED[1]) != 0)
            g_string_append_printf(out, SOURCE_MARK "%s ", *part);
}

void identity_draft(struct builder *b, const struct group *group, const struct draft *draft)
{
    struct plan_output *planned = draft->to;
    const struct draft *source = draft_source(group, draft);
    const struct pipeline_output *output = output_at(b->plan, group->job, draft->output);
    GString *parts = g_string_sized_new(128);
    if (!source)
        add_tokens(parts, group->shared, draft, output->kind);
    else if (source->to)
        add_source(parts, source->to->parameters);
    for (guint i = 0; i < draft->others->len; i++)
        if (draft_other(group, draft, i)->to)
            add_source(parts, draft_other(group, draft, i)->to->parameters);
    add_tokens(parts, draft->calls, draft, output->kind);
    const char *members = gather_digest(b, group, draft);
    if (members)
        g_string_append_printf(parts, "group=%.16s ", members);
    g_string_append(parts, draft->written->token);
    if (job_at(b->plan, group->job)->damaged_allow)
        g_string_append(parts, " damaged=allow");
    if (job_at(b->plan, group->job)->changes_conform)
        g_string_append(parts, " on_change=conform");
    if (b->params->verify == VERIFY_OFF)
        g_string_append(parts, UNVERIFIED);
    planned->parameters = text_taken(b->plan, g_string_free(parts, FALSE));
    planned->input_hash = text_taken(b->plan, identity_group(b->plan, group));
    planned->software = draft->again ? text_taken(b->plan, resolve_software(b, draft))
                                     : text_shared(b->plan, draft->written->software);
}

static bool has_part(char **parts, const char *part)
{
    return g_strv_contains((const char *const *)parts, part);
}

static void name_parts(GString *out, char **parts, char **others)
{
    for (char **part = parts; *part; part++) {
        if (has_part(others, *part))
            continue;
        g_autofree char *name = g_strndup(*part, strcspn(*part, "="));
        if (!strstr(out->str, name))
            g_string_append_printf(out, "%s%s", out->len ? ", " : "", name);
    }
}

/* "grade, encode", or that only the order is another. */
static char *what_changed(const char *before, const char *now)
{
    g_auto(GStrv) old = g_strsplit(before ? before : "", " ", -1);
    g_auto(GStrv) new = g_strsplit(now, " ", -1);
    GString *out = g_string_new(NULL);
    name_parts(out, new, old);
    name_parts(out, old, new);
    if (!out->len)
        g_string_append(out, "the order of steps");
    return g_string_free(out, FALSE);
}

static void name_software(GString *out, const char *verb, char **parts, char **others)
{
    const char *before = out->len ? ", " : "";
    for (char **part = parts; *part; part++) {
        if (has_part(others, *part))
            continue;
        g_string_append_printf(out, "%s%s%s", before, verb, *part);
        before = ", ";
        verb = "";
    }
}

/* "was libx264 164, is libx264 165" */
static char *what_is_newer(const char *before, const char *now)
{
    g_auto(GStrv) old = g_strsplit(before ? before : "", ", ", -1);
    g_auto(GStrv) new = g_strsplit(now, ", ", -1);
    GString *out = g_string_new(NULL);
    name_software(out, "was ", old, new);
    name_software(out, "is ", new, old);
    return g_string_free(out, FALSE);
}

static void decide(const struct builder *b, struct plan_output *planned, enum stale stale,
                   const char *detail)
{
    g_autofree char *text = detail ? g_strdup_printf("%s: %s", stale_texts[stale], detail) : NULL;
    planned->stale = stale;
    planned->reason = text_shared(b->plan, text ? text : stale_texts[stale]);
}

static bool same_parameters(const struct plan_output *planned, const struct known_output *known)
{
    const char *known_text = known->parameters ? known->parameters : "";
    size_t length = strlen(known_text);
    if (strncmp(planned->parameters, known_text, length) != 0)
        return false;
    return !planned->parameters[length] || strcmp(planned->parameters + length, UNVERIFIED) == 0;
}

/* A folder that was copied or moved has other stamps: then the content tells. */
static bool is_as_published(const struct builder *b, const struct plan_output *planned,
                            const struct known_output *known, const struct file_stamp *stamp)
{
    if (file_stamp_equal(stamp, &known->stamp))
        return true;
    return known->hash && stamp->size == known->stamp.size && b->world->unchanged &&
           b->world->unchanged(b->world->self, planned->path, known, stamp);
}

/* The change was of more than permissions or places, which is all that can be told of content that
 * nobody looked at. */
static bool may_be_ours(const struct known_output *known, const struct file_stamp *stamp)
{
    return !known->hash && stamp->size == known->stamp.size &&
           stamp->mtime_ns == known->stamp.mtime_ns;
}

static void compare(const struct builder *b, struct plan_output *planned, bool fresh,
                    const struct known_output *known, bool exists, bool as_published)
{
    if (fresh) {
        decide(b, planned, STALE_FORCED, NULL);
    } else if (!exists) {
        decide(b, planned, STALE_GONE, NULL);
    } else if (!as_published) {
        decide(b, planned, STALE_TOUCHED, NULL);
    } else if (g_strcmp0(planned->input_hash, known->input_hash) != 0) {
        decide(b, planned, STALE_INPUT, NULL);
    } else if (!same_parameters(planned, known)) {
        g_autofree char *detail = what_changed(known->parameters, planned->parameters);
        decide(b, planned, STALE_PARAMETERS, detail);
    } else if (g_strcmp0(planned->software, known->software) != 0) {
        g_autofree char *detail = what_is_newer(known->software, planned->software);
        decide(b, planned, STALE_SOFTWARE, detail);
    } else if (!known->in_spec) {
        decide(b, planned, STALE_FAILED, NULL);
    } else {
        decide(b, planned, FRESH, NULL);
    }
}

static void block(struct plan_output *planned, enum failure_class class, const char *why)
{
    planned->blocked = true;
    fail(&planned->failure, class, "%s", why);
}

/* Whose the file at an output's path is. */
enum holder {
    HELD_BY_NOBODY,
    HELD_BY_US,       /* as the ledger knows it: compared */
    HELD_BY_ANOTHER,  /* input, whose output may be wanted still */
    HELD_BY_SOMEBODY, /* who isn't rushes */
    HELD_CHANGED,     /* ours once, until somebody changed it */
    HELD_OTHERWISE,   /* by a folder where a file would be, or by a file where a folder would */
    HELD_AS_SOURCE,   /* by an input */
};

/* A source that is gone was moved, and its output is made of it there; what this plan makes of one
 * that is an input gets its own name. */
static bool is_left_to_itself(const struct builder *b, const struct plan_output *planned,
                              const char *source)
{
    const struct file_stamp *own = &input_at(b->plan, planned->input)->stamp;
    struct file_stamp stamp;
    return !planned->joined && !g_hash_table_contains(b->sources, source) &&
           b->world->stamp_of(b->world->self, source, &stamp) && !file_stamp_is_of(&stamp, own);
}

static bool is_anothers(const struct builder *b, const struct plan_output *planned,
                        const struct known_output *known)
{
    const char *path = input_at(b->plan, planned->input)->path;
    return known->source && strcmp(known->source, path) != 0 &&
           g_strcmp0(planned->input_hash, known->input_hash) != 0 &&
           (b->params->arriving || is_left_to_itself(b, planned, known->source));
}

static char *made_of(const struct builder *b, const char *source)
{
    g_autofree char *shown = path_display(source);
    return g_strdup_printf("what was made of %s%s", shown,
                           b->params->arriving ? "" : ", which is still there");
}

static bool is_otherwise(const struct plan_output *planned, enum place place)
{
    return place == (planned->files ? PLACE_FILE : PLACE_FOLDER);
}

/* `words` is about the file, for people, when it is none of ours. Caller frees. `known` gets what
 * the ledger knows of it, in place of what it held. */
static enum holder look_at(struct builder *b, struct plan_output *planned, bool fresh,
                           struct known_output *known, char **words)
{
    struct file_stamp stamp;
    enum place place = b->world->place(b->world->self, planned->path, &stamp);
    known_output_clear(known);
    bool ours = b->world->known(b->world->self, planned->path, known);
    bool exists = place != PLACE_FREE;
    if (place == PLACE_SOURCE)
        return HELD_AS_SOURCE;
    if (is_otherwise(planned, place)) {
        *words = g_strdup(planned->files ? "a file" : "a folder");
        return HELD_OTHERWISE;
    }
    if (!ours) {
        *words = exists ? g_strdup("a file that rushes didn't make") : NULL;
        return exists ? HELD_BY_SOMEBODY : HELD_BY_NOBODY;
    }
    if (exists && is_anothers(b, planned, known)) {
        *words = made_of(b, known->source);
        return HELD_BY_ANOTHER;
    }
    bool as_published = exists && is_as_published(b, planned, known, &stamp);
    if (exists && !as_published && !may_be_ours(known, &stamp)) {
        *words = g_strdup("an output that was changed by somebody else");
        return HELD_CHANGED;
    }
    compare(b, planned, fresh, known, exists, as_published);
    planned->replace = exists;
    return HELD_BY_US;
}

/* The first number that is free, or that the ledger knows as ours. */
static void rename_output(struct builder *b, struct draft *draft, bool fresh)
{
    struct plan_output *planned = draft->to;
    g_autofree char *wanted = g_strdup(planned->path);
    enum holder holder = HELD_BY_SOMEBODY;
    for (unsigned number = 2; holder != HELD_BY_NOBODY && holder != HELD_BY_US; number++) {
        g_autofree char *words = NULL;
        g_autofree char *path = path_numbered(wanted, number);
        if (g_hash_table_contains(b->paths, path))
            continue;
        output_set_path(b, planned, g_steal_pointer(&path));
        holder = look_at(b, planned, fresh, &draft->known, &words);
    }
    g_hash_table_insert(b->paths, planned->path, planned);
    if (holder == HELD_BY_US)
        return;
    g_autofree char *detail = g_strdup_printf("%s is somebody else's", wanted);
    decide(b, planned, STALE_NEVER, detail);
}

#define POLICIES "--on-exists skip, overwrite or rename"

/* Caller frees. */
static char *why_refused(const struct plan_output *planned, enum holder holder, const char *words)
{
    switch (holder) {
    case HELD_BY_ANOTHER:
        return g_strdup_printf("this name is taken by %s: rename this file, choose another output "
                               "folder, put ${ext} or ${dir} into `to`, or say " POLICIES,
                               words);
    case HELD_CHANGED:
        return g_strdup("the output was changed by somebody else since it was made; " POLICIES
                        " says what to do with it");
    case HELD_OTHERWISE:
        return g_strdup_printf("there is already %s at this path, and the output is a %s: move it "
                               "away, or choose another name (--on-exists rename does)",
                               words, planned->files ? "folder" : "file");
    default:
        return g_strdup("there is already a file at this path that rushes didn't make; " POLICIES
                        " says what to do with it");
    }
}

static void refuse_path(struct builder *b, struct plan_output *planned, enum holder holder,
                        const char *words)
{
    g_autofree char *why = why_refused(planned, holder, words);
    decide(b, planned, holder == HELD_CHANGED ? STALE_TOUCHED : STALE_NEVER, NULL);
    block(planned, FAIL_CONFIG, why);
}

static void replace_path(struct builder *b, struct plan_output *planned, enum holder holder,
                         const char *words)
{
    g_autofree char *replaced = g_strdup_printf("%s will be replaced", words);
    if (holder == HELD_OTHERWISE) {
        refuse_path(b, planned, holder, words);
        return;
    }
    decide(b, planned, holder == HELD_CHANGED ? STALE_TOUCHED : STALE_NEVER,
           holder == HELD_CHANGED ? NULL : replaced);
    planned->replace = true;
}

static void foreign_file(struct builder *b, struct draft *draft, bool fresh, enum holder holder,
                         const char *words)
{
    struct plan_output *planned = draft->to;
    g_autofree char *left = g_strdup_printf("there is %s already: left alone", words);
    switch (b->params->on_exists) {
    case EXISTS_FAIL:
        refuse_path(b, planned, holder, words);
        break;
    case EXISTS_SKIP:
        planned->reason = text_shared(b->plan, left);
        planned->skipped = true;
        break;
    case EXISTS_OVERWRITE:
        replace_path(b, planned, holder, words);
        break;
    case EXISTS_RENAME:
        rename_output(b, draft, fresh);
        break;
    }
}

enum { NAME_MOST = 255, PATH_MOST = 4095 }; /* bytes: NAME_MAX and PATH_MAX of Linux */

static bool has_long_name(const struct plan_output *planned)
{
    const char *name = planned->path;
    for (gsize length; (length = strcspn(name, "/")) <= NAME_MOST; name += length + 1)
        if (!name[length])
            return strlen(planned->final) > PATH_MOST;
    return true;
}

static void check_length(struct plan_output *planned)
{
    if (!planned->blocked && !planned->skipped && has_long_name(planned))
        block(planned, FAIL_CONFIG,
              "its name is longer than file systems take (255 bytes a name, 4,095 a path): shorten "
              "what `to` makes of it");
}

bool draft_has_work(const struct draft *draft)
{
    const struct plan_output *to = draft->to;
    return draft->planned >= 0 && to->stale != FRESH && !to->blocked && !to->skipped;
}

bool draft_renders(const struct draft *draft)
{
    return draft_has_work(draft) && draft->to->stale != STALE_UNVERIFIED;
}

bool draft_finished(const struct draft *draft)
{
    return draft_has_work(draft) && draft->to->stale == STALE_UNVERIFIED;
}

/* Why an output that is to be made can't be made from its source, or NULL. Caller frees. */
static char *why_not_from(const struct builder *b, const struct group *group,
                          const struct draft *draft, const struct draft *source)
{
    const struct plan_output *to = source->to;
    const struct pipeline_output *output = output_at(b->plan, group->job, source->output);
    g_autofree char *path = path_display(to->path);
    if (to->blocked)
        return g_strdup_printf("its source %s can't be made: %s", path, to->failure.message);
    if (to->skipped)
        return g_strdup_printf("its source %s isn't what rushes makes (%s)", path, to->reason);
    if (!draft->need)
        return g_strdup_printf("there is nothing for it in its source %s", path);
    if (to->stale == FRESH || source->planned >= 0)
        return NULL;
    return g_strdup_printf("its source %s isn't up to date (%s), and --only leaves it out: run "
                           "without --only, or %s/%s first",
                           path, to->reason, job_at(b->plan, group->job)->name, output->name);
}

static bool says_less_than_source(enum stale stale)
{
    return stale == FRESH || stale == STALE_INPUT || stale == STALE_PARAMETERS ||
           stale == STALE_SOFTWARE;
}

/* Its source came out differently since, by a run that didn't come to it. */
static bool is_behind(const struct draft *draft, const struct draft *source)
{
    return draft->known.run < source->known.since;
}

/* Made from the source as the ledger knows it, with what it would be made with now. */
static bool is_spared(const struct draft *draft, const struct draft *source)
{
    const struct known_output *known = &draft->known, *origin = &source->known;
    const char *now = draft->to->parameters;
    g_autoptr(GString) then = g_string_new(NULL);
    if (!origin->hash || !known->in_spec || is_behind(draft, source) ||
        g_strcmp0(known->software, draft->to->software) != 0 ||
        g_strcmp0(known->input_hash, origin->input_hash) != 0)
        return false;
    add_source(then, origin->parameters);
    while (g_str_has_prefix(now, SOURCE_MARK))
        now += strcspn(now, " ") + 1;
    g_string_append(then, now);
    return g_strcmp0(then->str, known->parameters) == 0;
}

static void spare(const struct builder *b, const struct draft *draft, const struct draft *source)
{
    struct plan_output *to = draft->to, *from = source->to;
    to->from = from;
    to->spared = is_spared(draft, source);
    if (to->spared)
        from->content_hash = text_shared(b->plan, source->known.hash);
}

static void decide_chained(const struct builder *b, const struct group *group,
                           const struct draft *draft, const struct draft *source)
{
    struct plan_output *to = draft->to;
    if (to->blocked || to->skipped || draft->planned < 0)
        return;
    bool again = draft_has_work(source) || (to->stale == FRESH && is_behind(draft, source));
    if (again && says_less_than_source(to->stale)) {
        g_autofree char *path = path_display(source->to->path);
        if (draft_has_work(source) && !draft->others->len)
            spare(b, draft, source);
        decide(b, to, STALE_SOURCE, path);
    }
    g_autofree char *why = to->stale == FRESH ? NULL : why_not_from(b, group, draft, source);
    if (why)
        block(to, source->to->blocked ? source->to->failure.class : FAIL_CONFIG, why);
}

/* What is made from another output isn't what it was once that is another file. */
static void take_over(struct builder *b, const struct draft *draft, const struct draft *source)
{
    struct plan_output *to = draft->to;
    bool wanted = b->world->finished && !b->params->fresh && b->params->verify != VERIFY_OFF;
    if (!wanted || !draft_renders(draft) || (source && source->to->stale != FRESH))
        return;
    to->finished = b->world->finished(b->world->self, to, &to->part);
    if (to->finished)
        decide(b, to, STALE_UNVERIFIED, NULL);
}

void plan_output_spare(struct plan_output *output)
{
    output->stale = STALE_SPARED;
    output->reason = (char *)stale_texts[STALE_SPARED];
}

void stale_decide(struct builder *b, const struct group *group, struct draft *draft)
{
    struct plan_output *planned = draft->to;
    const struct draft *source = draft_source(group, draft);
    g_autofree char *words = NULL;
    bool fresh = b->params->fresh && draft->planned >= 0;
    if (planned->blocked) {
        decide(b, planned, STALE_NEVER, NULL);
        return;
    }
    enum holder holder = look_at(b, planned, fresh, &draft->known, &words);
    if (holder == HELD_BY_NOBODY)
        decide(b, planned, STALE_NEVER, NULL);
    else if (holder == HELD_AS_SOURCE)
        collide_with_source(b, planned);
    else if (holder != HELD_BY_US)
        foreign_file(b, draft, fresh, holder, words);
    check_length(planned);
    if (source)
        decide_chained(b, group, draft, source);
    for (guint i = 0; i < draft->others->len; i++)
        decide_chained(b, group, draft, draft_other(group, draft, i));
    if (!draft_is_package(b->plan, group, draft))
        take_over(b, draft, source);
}
