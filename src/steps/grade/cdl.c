/* SPDX-License-Identifier: GPL-3.0-or-later
 * The CDLs of a grade: the clip's of a file, then the numbers of the step. */
#include "files.h"
#include "parts.h"

#include <string.h>

static enum cdl_clamp clamp_of(const struct grade_params *params)
{
    return params->clamp ? CDL_CLAMP_NONE : CDL_CLAMP_ASC;
}

static struct cdl_file *read_file(const struct grade_params *params, const struct face_env *env,
                                  struct failure *failure)
{
    g_autofree char *name = g_path_get_basename(params->cdl);
    gsize length = 0;
    g_autofree char *refusal = grade_cdl_name_refusal(name);
    if (refusal) {
        fail(failure, FAIL_CONFIG, "%s", refusal);
        return NULL;
    }
    g_autofree char *text = grade_file(env, "cdl", &length, failure);
    if (!text)
        return NULL;
    g_auto(diag_ptr) diag = diag_create();
    struct cdl_file *file = cdl_file_read(text, length, name, diag);
    if (!file) {
        g_autofree char *why = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "%s", g_strchomp(why));
    }
    return file;
}

/* A look that does nothing and says why, for the report. */
static void add_nothing(struct grade *grade, const char *why)
{
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look->summary = g_strdup_printf("no CDL (%s)", why);
    grade_add(grade, look);
}

static bool lacks(struct grade *grade, const struct grade_params *params, enum cdl_found found,
                  const char *why, struct failure *failure)
{
    if (found == CDL_AMBIGUOUS || params->cdl_missing == CDL_MISSING_FAIL)
        return fail(failure, FAIL_CONFIG, "grade.cdl: %s", why);
    add_nothing(grade, why);
    return true;
}

static bool add_of_file(struct grade *grade, const struct grade_params *params,
                        const struct face_env *env, struct failure *failure)
{
    g_auto(cdl_file_ptr) file = read_file(params, env, failure);
    if (!file)
        return false;
    const struct cdl_query query = grade_cdl_query(params, env->source);
    const struct cdl_correction *correction = NULL;
    g_autofree char *text = NULL;
    const enum cdl_found found = cdl_file_find(file, &query, &correction, &text);
    if (found != CDL_FOUND)
        return lacks(grade, params, found, text, failure);
    g_auto(look_ptr) look = cdl_file_look(file, correction, text, clamp_of(params));
    grade_add(grade, look);
    return true;
}

static void add_numbers(struct grade *grade, const struct grade_params *params)
{
    struct cdl cdl = {.saturation = params->saturation, .clamp = clamp_of(params)};
    memcpy(cdl.slope, params->slope, sizeof cdl.slope);
    memcpy(cdl.offset, params->offset, sizeof cdl.offset);
    memcpy(cdl.power, params->power, sizeof cdl.power);
    if (cdl_is_neutral(&cdl))
        return;
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look, &cdl);
    grade_add(grade, look);
}

bool grade_add_cdl(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure)
{
    if (params->cdl && env->file(env, "cdl") >= 0) {
        if (!add_of_file(grade, params, env, failure))
            return false;
    } else if (params->cdl) {
        g_autofree char *name = g_path_get_basename(params->cdl);
        g_autofree char *why = g_strdup_printf("there is no %s", name);
        if (!lacks(grade, params, CDL_MISSING, why, failure))
            return false;
    }
    add_numbers(grade, params);
    return true;
}
