/* SPDX-License-Identifier: GPL-3.0-or-later
 * The LUT of a grade. */
#include "color/look_file.h"
#include "parts.h"

/* Errors quote the lines they are about: only of a file that is meant to be a LUT. */
static bool is_named_as_lut(const char *name, struct failure *failure)
{
    return look_file_known(name) ||
           fail(failure, FAIL_CONFIG, "grade.lut takes %s files: \"%s\" isn't called so",
                look_file_extensions(), name);
}

static struct look *read_lut(const struct grade_params *params, const struct face_env *env,
                             struct failure *failure)
{
    gsize length = 0;
    g_autofree char *name = g_path_get_basename(params->lut);
    g_autofree char *text =
        is_named_as_lut(name, failure) ? grade_file(env, "lut", &length, failure) : NULL;
    if (!text)
        return NULL;
    g_auto(diag_ptr) diag = diag_create();
    struct look *lut = look_read(text, length, name, diag);
    if (lut && (lut->video_in || lut->video_out)) {
        look_destroy(lut);
        fail(
            failure, FAIL_CONFIG,
            "%s wants video-range code values, which grade does not give: export it for full range",
            name);
        return NULL;
    }
    if (!lut) {
        g_autofree char *why = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "%s", g_strchomp(why));
    }
    return lut;
}

bool grade_add_lut(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure)
{
    if (!params->lut)
        return true;
    g_auto(look_ptr) lut = read_lut(params, env, failure);
    if (lut)
        grade_add(grade, lut);
    return lut;
}
