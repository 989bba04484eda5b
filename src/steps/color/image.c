/* SPDX-License-Identifier: GPL-3.0-or-later
 * `color`: stills. */
#include "compile.h"
#include "steps/faces.h"

#include <string.h>

image_face color_image;

/* What the still is of, where that is known here; everything else goes by way of sRGB. */
static const struct space *source_space(const struct color *color, struct still *still,
                                        struct failure *failure)
{
    const struct space *from = color->from ? color_from(color) : still_space(still);
    if (from)
        return from;
    return still_to_srgb(still, failure) ? space_find("srgb") : NULL;
}

/* Film's colours on a still, in a pipeline of both, are its own in sRGB: rec709 has the primaries
 * of that, and browsers show its curve so. */
static bool is_film(const struct color *color)
{
    return !color->from && strcmp(color_to(color)->name, "rec709") == 0;
}

bool color_image(struct still *still, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct space *to = is_film(params) ? space_find("srgb") : color_to(params);
    const bool p3 = strcmp(to->name, "display-p3") == 0;
    if (is_film(params) && still_shape(still).depth < 32)
        return still_to_srgb(still, failure);
    if (!p3 && strcmp(to->name, "srgb") != 0)
        return fail(failure, FAIL_CONFIG,
                    "color: a still has a profile that says what it is, and there are only those "
                    "of srgb and display-p3 (rec709 is taken as srgb): `to` can't be %s",
                    to->name);
    const struct space *from = source_space(params, still, failure);
    if (!from)
        return false;
    struct grade *grade = color_compile(params, from, to, 0);
    if (grade_is_identity(grade)) {
        grade_destroy(grade);
        still_note(still, "colours are those of %s: no pixel was touched by `color`", to->name);
        return still_set_space(still, failure, p3);
    }
    still_note(still, "colours converted: %s", grade_describe(grade));
    return still_grade(still, failure, grade) && still_set_space(still, failure, p3);
}
