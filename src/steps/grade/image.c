/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: stills. */
#include "compile.h"

#include <string.h>

image_face grade_image;

static bool tag(struct still *still, const struct space *space, struct failure *failure)
{
    const bool p3 = strcmp(space->name, "display-p3") == 0;
    if (!p3 && strcmp(space->name, "srgb") != 0)
        return fail(failure, FAIL_CONFIG,
                    "grade: a still has a profile that says what it is, and there are only those "
                    "of srgb and display-p3: `lut_to` can't be %s",
                    space->name);
    still_note(still, "tagged as %s, which the LUT gives", space->name);
    return still_set_space(still, failure, p3);
}

/* What is of a space that is known here stays in it; of any other profile the values mean something
 * else. */
static bool to_known_space(struct still *still, struct failure *failure)
{
    const struct space *space = still_space(still);
    const bool is_float = still_shape(still).depth == 32;
    if (!space || (!is_float && space == space_find("srgb")))
        return still_to_srgb(still, failure);
    if (!is_float || space != space_find("linear-rec709"))
        still_note(still, "graded in %s, as its profile says", space->title);
    return true;
}

bool grade_image(struct still *still, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct space *space = still_space(still), *gives = grade_gives(params);
    const char *transfer = (space ? space : space_find("srgb"))->transfer_tag;
    struct grade *grade = grade_compile(params, env, transfer, failure);
    if (!grade)
        return false;
    if (grade_is_identity(grade)) {
        still_note(still, "the grade changes nothing, no pixel was touched: %s",
                   grade_describe(grade));
        grade_destroy(grade);
    } else if (!to_known_space(still, failure)) {
        grade_destroy(grade);
        return false;
    } else {
        still_note(still, "graded: %s", grade_describe(grade));
        if (!still_grade(still, failure, grade))
            return false;
    }
    return !gives || tag(still, gives, failure);
}
