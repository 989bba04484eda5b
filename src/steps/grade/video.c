/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: moving picture. */
#include "compile.h"

video_face grade_video;

static void tag(struct chain *chain, const struct space *space)
{
    const struct color_tags tags = {space->matrix_tag, space->primaries_tag, space->transfer_tag};
    chain_note(chain, "tagged as %s, which the LUT gives", space->name);
    chain_color_tags(chain, &tags);
}

bool grade_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    struct grade *grade = grade_compile(params, env, chain_video(chain)->transfer, failure);
    const struct space *gives = grade_gives(params);
    if (!grade)
        return false;
    if (grade_is_identity(grade)) {
        chain_note(chain, "the grade changes nothing, no pixel was touched: %s",
                   grade_describe(grade));
        grade_destroy(grade);
    } else {
        chain_note(chain, "graded: %s", grade_describe(grade));
        if (!chain_grade(chain, failure, grade))
            return false;
    }
    if (gives)
        tag(chain, gives);
    return true;
}
