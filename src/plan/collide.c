/* SPDX-License-Identifier: GPL-3.0-or-later
 * What outputs are called, and that no two are called the same. */
#include "build.h"

#include <string.h>

/* Several inputs have no name in common but the job's. */
static char *joined_path(const struct pipeline_job *job, const struct pipeline_output *output)
{
    bool root = output->each_job;
    return g_strdup_printf("%s%s%s.%s", job->name, root ? "" : "_", root ? "" : output->name,
                           output->extension);
}

static char *default_path(const struct group *group, const struct pipeline_output *output,
                          const struct plan *plan)
{
    if (group->joined)
        return joined_path(job_at(plan, group->job), output);
    const char *relative = input_at(plan, group->input)->relative;
    const char *slash = strrchr(relative, '/');
    const char *name = slash ? slash + 1 : relative;
    const char *dot = strrchr(name, '.');
    int folder = slash ? (int)(slash + 1 - relative) : 0;
    int stem = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    if (sequence_width(name))
        stem = (int)sequence_stem_length(name);
    bool alone = job_at(plan, group->job)->outputs->len == 1;
    return g_strdup_printf("%.*s%.*s%s%s.%s", folder, relative, stem, name, alone ? "" : "_",
                           alone ? "" : output->name, output->extension);
}

/* "./a" and "a" are one file. */
static char *without_dots(const char *path)
{
    if (path[0] != '.' && !strstr(path, "/."))
        return g_strdup(path);
    GString *out = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (char **part = parts; *part; part++)
        if (strcmp(*part, ".") != 0)
            g_string_append_printf(out, "%s%s", out->len ? "/" : "", *part);
    return g_string_free(out, FALSE);
}

static char *checked(struct builder *b, const struct plan_input *input,
                     const struct pipeline_output *output, const char *path)
{
    bool inside = path_is_inside(path);
    g_autofree char *plain = inside ? without_dots(path) : NULL;
    if (inside && !path_is_ours(plain))
        return g_steal_pointer(&plain);
    g_autofree char *shown = path_display(path);
    g_autofree char *message =
        inside ? g_strdup_printf("output %s: \"%s\" is in the folder that rushes keeps its own "
                                 "files in",
                                 output->name, shown)
               : g_strdup_printf("output %s: \"%s\" is not below the output folder", output->name,
                                 shown);
    resolve_error(b, output->at, input,
                  "a path is relative to the output folder, without \"..\" and empty parts",
                  message);
    return NULL;
}

/* Unless the name says it, the second page and those after it have their number before the
 * extension. Takes `path`. */
static char *numbered_page(char *path, const struct pipeline_output *output, unsigned page)
{
    g_autofree char *plain = path;
    bool named = output->to && template_names_it(output->to, "page");
    return plain && page > 1 && !named ? path_numbered(plain, page) : g_steal_pointer(&plain);
}

char *output_path(struct builder *b, const struct group *group,
                  const struct pipeline_output *output, const struct template_env *env)
{
    const struct plan_input *input = input_at(b->plan, group->input);
    g_autofree char *why = NULL;
    g_autofree char *path = NULL;
    if (output->to)
        path = template_expand(output->to, env, true, &why);
    else
        path = default_path(group, output, b->plan);
    path = numbered_page(path, output, env->page);
    if (path && (input->facts || path_is_inside(path)))
        return checked(b, input, output, path);
    if (!input->facts)
        return numbered_page(default_path(group, output, b->plan), output,
                             env->page); /* blocked: it only needs a name */
    g_autofree char *message = g_strdup_printf("output %s: to: %s", output->name, why);
    resolve_error(b, output->at, input, NULL, message);
    return NULL;
}

char *output_page_path(const struct plan *plan, const struct plan_output *planned, unsigned page)
{
    const struct pipeline_output *output = output_at(plan, planned->job, planned->output);
    struct template_env env = env_of_input(plan, planned->job, output, planned->input);
    g_autofree char *why = NULL;
    env.page = page;
    g_autofree char *path = output->to ? template_expand(output->to, &env, true, &why)
                                       : joined_path(job_at(plan, planned->job), output);
    return path ? numbered_page(without_dots(path), output, page) : NULL;
}

enum { NAME_MOST = 200 }; /* bytes; file systems take 255, and numbers may get longer */

void output_set_files(struct builder *b, struct plan_output *planned,
                      const struct pipeline_output *output, const struct template_env *env)
{
    const struct plan_input *input = input_at(b->plan, planned->input);
    g_autofree char *why = NULL;
    if (!output->files || !input->facts)
        return;
    char *files = template_expand(output->files, env, true, &why);
    planned->files = files ? text_taken(b->plan, files) : NULL;
    if (files && (*planned->files == '.' || strlen(planned->files) > NAME_MOST))
        resolve_error(b, output->at, input, "for example ${index|04}.####.dpx",
                      "numbered pictures of this input would have a hidden or a very long name");
    if (!files) {
        g_autofree char *message = g_strdup_printf("output %s: to: %s", output->name, why);
        resolve_error(b, output->at, input, NULL, message);
    }
}

static char *place(struct mark at)
{
    g_autofree char *file = path_display(at.file ? at.file : "the pipeline");
    return at.line > 0 ? g_strdup_printf("%s:%d", file, at.line) : g_steal_pointer(&file);
}

static char *who(const struct plan *plan, const struct plan_output *planned)
{
    g_autofree char *name = join_names(plan, planned->input, planned->joined);
    return g_strdup_printf("%s/%s of %s", job_at(plan, planned->job)->name,
                           output_at(plan, planned->job, planned->output)->name, name);
}

static void report(struct builder *b, enum severity severity, const struct plan_output *first,
                   const struct plan_output *second, const char *what)
{
    const struct pipeline_output *a = output_at(b->plan, first->job, first->output);
    const struct pipeline_output *c = output_at(b->plan, second->job, second->output);
    g_autofree char *one = who(b->plan, first);
    g_autofree char *other = who(b->plan, second);
    g_autofree char *line = place(a->at);
    g_autofree char *shown = path_display(second->path);
    g_autofree char *text =
        g_strdup_printf("%s \"%s\": %s (%s) and %s", what, shown, one, line, other);
    diag_report(b->diag, severity, c->at,
                c->files
                    ? "what is before the last \"/\" is the folder that is made, so each input "
                      "needs one: for example to: \"${stem}/${stem}.vtt\" for thumbnails, or "
                      "\"${stem}/${stem}.####.dpx\""
                    : "put ${dir}, ${stem}, ${ext}, ${index} or ${output} into `to` so that "
                      "they differ, or run with --on-exists rename, which numbers them",
                "%s", text);
    if (severity == DIAG_WARNING)
        g_ptr_array_add(b->plan->warnings, g_steal_pointer(&text));
}

static char *fold(const char *path)
{
    if (!g_utf8_validate(path, -1, NULL))
        return g_ascii_strdown(path, -1);
    g_autofree char *folded = g_utf8_casefold(path, -1);
    return g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
}

static bool is_ascii(const char *path)
{
    while (*(const signed char *)path > 0)
        path++;
    return !*path;
}

/* Nothing is kept but the paths themselves: for most, folding is a matter of ASCII. */
guint folded_hash(const void *path)
{
    g_autofree char *folded = is_ascii(path) ? NULL : fold(path);
    guint hash = 5381;
    for (const char *c = folded ? folded : path; *c; c++)
        hash = hash * 33 + (guchar)(folded ? *c : g_ascii_tolower(*c));
    return hash;
}

gboolean folded_equal(const void *one, const void *other)
{
    if (is_ascii(one) && is_ascii(other))
        return g_ascii_strcasecmp(one, other) == 0;
    g_autofree char *a = fold(one), *b = fold(other);
    return strcmp(a, b) == 0;
}

void collide_with_source(struct builder *b, struct plan_output *planned)
{
    const struct pipeline_output *output = output_at(b->plan, planned->job, planned->output);
    g_autofree char *shown = path_display(planned->final);
    diag_error(b->diag, output->at, "choose another output folder, or another name",
               "output %s: \"%s\" is %s: sources are never touched", output->name, shown,
               planned->files ? "a folder with inputs" : "an input");
    planned->reason = text_shared(b->plan, "an input has its name");
}

void output_set_path(struct builder *b, struct plan_output *planned, char *path)
{
    g_autofree char *final = g_build_filename(b->params->out_dir, path, NULL);
    planned->final = g_string_chunk_insert(b->plan->texts, final);
    planned->path = planned->final + strlen(final) - strlen(path);
    g_free(path);
}

/* --on-exists rename: the first number that no other output has. */
static void rename_twin(struct builder *b, struct plan_output *planned)
{
    g_autofree char *wanted = g_strdup(planned->path);
    for (unsigned number = 2; g_hash_table_contains(b->paths, planned->path); number++)
        output_set_path(b, planned, path_numbered(wanted, number));
}

void collide_add(struct builder *b, struct plan_output *planned)
{
    if (g_hash_table_contains(b->sources, planned->final))
        collide_with_source(b, planned);
    if (b->params->on_exists == EXISTS_RENAME)
        rename_twin(b, planned);
    const struct plan_output *same = g_hash_table_lookup(b->paths, planned->path);
    if (same) {
        report(b, DIAG_ERROR, same, planned, "two outputs have one path,");
        return;
    }
    g_hash_table_insert(b->paths, planned->path, planned);
    const struct plan_output *twin = g_hash_table_lookup(b->folded, planned->path);
    if (twin)
        report(b, DIAG_WARNING, twin, planned,
               "two outputs would be one file where upper and lower case, or the ways to write an "
               "accent, are the same,");
    else
        g_hash_table_insert(b->folded, planned->path, planned);
}

static void check_above(struct builder *b, const struct plan_output *planned)
{
    g_autofree char *above = g_strdup(planned->path);
    for (char *slash; (slash = strrchr(above, '/'));) {
        *slash = '\0';
        const struct plan_output *folder = g_hash_table_lookup(b->paths, above);
        if (folder)
            report(b, DIAG_ERROR, folder, planned,
                   "an output would stand in the folder that is another output,");
    }
}

/* A folder of files is replaced as one. */
static void check_sources(struct builder *b, struct plan_output *planned)
{
    g_autofree char *inside = g_strconcat(planned->final, "/", NULL);
    for (guint i = 0; i < b->plan->inputs->len; i++) {
        const struct plan_input *input = input_at(b->plan, (int)i);
        if (!g_str_has_prefix(input->path, inside))
            continue;
        collide_with_source(b, planned);
        return;
    }
}

void collide_folders(struct builder *b)
{
    bool any = false;
    for (guint i = 0; i < b->plan->outputs->len && !any; i++)
        any = ((const struct plan_output *)b->plan->outputs->pdata[i])->files;
    for (guint i = 0; any && i < b->plan->outputs->len; i++) {
        struct plan_output *planned = b->plan->outputs->pdata[i];
        check_above(b, planned);
        if (planned->files)
            check_sources(b, planned);
    }
}
