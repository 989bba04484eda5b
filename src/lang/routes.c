/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which faces of steps a job has a use for, from the names of its inputs and the kinds of its
 * outputs. Content decides later; here only what can't ever be is found. */
#include "load.h"

#include <string.h>

/* The kinds of the extensions in "mov" or "{mov,mp4}"; KIND_ANY for anything else. */
static enum kind tail_kinds(const char *tail)
{
    enum kind kinds = KIND_NONE;
    size_t length = strlen(tail);
    bool braces = length > 2 && *tail == '{' && tail[length - 1] == '}';
    g_autofree char *list = braces ? g_strndup(tail + 1, length - 2) : g_strdup(tail);
    if (!*list || strpbrk(list, "{}*?[]\\") || (!braces && strchr(list, ',')))
        return KIND_ANY;
    g_auto(GStrv) extensions = g_strsplit(list, ",", -1);
    for (char **extension = extensions; *extension; extension++)
        kinds |= kind_of_extension(*extension);
    return kinds ? kinds : KIND_ANY;
}

static enum kind glob_kinds(const char *pattern)
{
    if (sequence_width(pattern))
        return KIND_VIDEO;
    const char *slash = strrchr(pattern, '/'), *name = slash ? slash + 1 : pattern;
    const char *dot = strrchr(name, '.');
    return dot ? tail_kinds(dot + 1) : KIND_ANY;
}

enum kind job_kinds(const struct pipeline_job *job)
{
    unsigned kinds = job->include->len ? KIND_NONE : KIND_ANY;
    for (guint i = 0; i < job->include->len; i++)
        kinds |= glob_kinds(job->include->pdata[i]);
    bool films = sequence_rule_is_set(&job->still) && kinds & KIND_IMAGE;
    return films ? (kinds & ~(unsigned)KIND_IMAGE) | KIND_VIDEO : kinds;
}

/* The faces that a file of some kinds has a use for: a video has sound. */
static enum kind faces_of(enum kind kinds)
{
    return kinds & KIND_VIDEO ? kinds | KIND_AUDIO : kinds;
}

/* Whether it is a still of stills, if it isn't one anyhow. */
static bool of_stills(const struct pipeline_output *output)
{
    const struct container *container = container_by_name(output->container);
    return container && container_still(container);
}

/* The faces on the way to an output: a still may be taken from a moving picture. */
static enum kind faces_to(const struct pipeline_output *output)
{
    return output->kind == KIND_IMAGE
               ? KIND_IMAGE | KIND_VIDEO
               : faces_of(output->kind) | (of_stills(output) ? KIND_IMAGE : 0);
}

static char *kinds_text(enum kind kinds)
{
    GString *out = g_string_new(NULL);
    for (unsigned kind = KIND_VIDEO; kind <= KIND_IMAGE; kind <<= 1)
        if (kinds & kind)
            g_string_append_printf(out, "%s%s", out->len ? " or " : "", kind_name(kind));
    return g_string_free(out, FALSE);
}

static void report_still(const struct step_use *use, const char *what, const char *name,
                         struct diag *diag)
{
    diag_error(diag, use->at,
               "let `to` end in that of a still, for example \"${stem}.jpg\", or remove the step; "
               "`freeze` holds a frame of a film",
               "the step \"%s\" makes a still, and %s \"%s\" makes none", use->step->name, what,
               name);
}

/* `useful`: faces; `made`: kinds of what comes out. */
static void check_steps(const GPtrArray *steps, enum kind useful, enum kind made, const char *what,
                        const char *name, struct diag *diag)
{
    for (guint i = 0; i < steps->len; i++) {
        const struct step_use *use = steps->pdata[i];
        if (use->step->faces & useful) {
            if (use->step->makes_still && !(made & KIND_IMAGE))
                report_still(use, what, name, diag);
            continue;
        }
        g_autofree char *does = kinds_text(use->step->faces), *has = kinds_text(useful);
        g_autofree char *hint = g_strdup_printf("it is for %s; remove it", does);
        diag_error(diag, use->at, hint, "the step \"%s\" has nothing to do in %s \"%s\"%s%s",
                   use->step->name, what, name, *has ? ", which has only " : "", has);
    }
}

/* False after reporting that an output can't be made from the one it takes as its source. */
static bool check_source(const struct pipeline_output *output, const struct pipeline_output *source,
                         struct diag *diag)
{
    bool known = output->kind && source->kind;
    if (!known || source->kind == KIND_VIDEO || source->kind == output->kind ||
        (source->kind == KIND_IMAGE && of_stills(output)))
        return true;
    g_autofree char *has = kinds_text(faces_of(source->kind)), *wants = kinds_text(output->kind);
    diag_error(diag, output->at, "take another output, or the input, as its source",
               "the output \"%s\" is %s, but its source \"%s\" has only %s", output->name, wants,
               source->name, has);
    return false;
}

static enum kind made_of(const struct pipeline_output *output)
{
    return output->kind ? output->kind : KIND_ANY;
}

static enum kind check_output(const struct pipeline_job *job, const struct pipeline_output *output,
                              enum kind inputs, struct diag *diag)
{
    const struct pipeline_output *source =
        output->from < 0 ? NULL : job->outputs->pdata[output->from];
    enum kind useful = output->kind ? faces_to(output) : KIND_ANY;
    enum kind from = faces_of(source && source->kind ? source->kind : inputs);
    if (!source || check_source(output, source, diag))
        check_steps(output->steps, from & useful, made_of(output), "output", output->name, diag);
    return source ? KIND_NONE : useful;
}

static bool makes_track(const struct pipeline_output *output)
{
    const struct container *container = container_by_name(output->container);
    return output->from < 0 && container && container_is_subtitles(container);
}

/* What a .vtt is, subtitles or a track of thumbnails, its own last step says. */
static void check_thumbnails(const struct pipeline_job *job, struct diag *diag)
{
    const struct step_use *last = job->steps->len ? job->steps->pdata[job->steps->len - 1] : NULL;
    for (guint i = 0; last && last->step->makes_thumbnails && i < job->outputs->len; i++)
        if (makes_track(job->outputs->pdata[i]))
            diag_error(
                diag, last->at,
                "put it into the output: {steps: [sprite: 10s], to: "
                "\"thumbs/${stem}/${stem}.vtt\"}",
                "\"%s\" is a step of the whole job, and a track of thumbnails is of the last "
                "step of its output, which \"%s\" has none of",
                last->step->name, ((struct pipeline_output *)job->outputs->pdata[i])->name);
}

void routes_check(const struct pipeline_job *job, enum kind inputs, struct diag *diag)
{
    enum kind from = faces_of(inputs), none = job->outputs->len ? KIND_NONE : KIND_ANY;
    enum kind to = none, made = none;
    for (guint i = 0; i < job->outputs->len; i++) {
        const struct pipeline_output *output = job->outputs->pdata[i];
        to |= check_output(job, output, inputs, diag);
        made |= output->from < 0 ? made_of(output) : KIND_NONE;
    }
    check_thumbnails(job, diag);
    check_steps(job->steps, from & to, made, "job", job->name, diag);
}
