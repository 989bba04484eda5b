/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: stills. */
#include "compile.h"

image_face grade_image;

/* Display P3 has sRGB's curve and stays; of any other profile the values mean something else. */
static bool to_known_space(struct still *still, struct failure *failure)
{
    if (!still_is_p3(still))
        return still_to_srgb(still, failure);
    still_note(still, "graded in Display P3, as its profile says");
    return true;
}

bool grade_image(struct still *still, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const bool is_float = still_shape(still).depth == 32; /* linear light */
    const char *transfer = is_float ? "linear" : "iec61966-2-1";
    struct grade *grade = grade_compile(params, env, transfer, failure);
    if (!grade)
        return false;
    if (grade_is_identity(grade)) {
        still_note(still, "the grade changes nothing, no pixel was touched: %s",
                   grade_describe(grade));
        grade_destroy(grade);
        return true;
    }
    if (!is_float && !to_known_space(still, failure)) {
        grade_destroy(grade);
        return false;
    }
    still_note(still, "graded: %s", grade_describe(grade));
    return still_grade(still, failure, grade);
}
