/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: moving picture. */
#include "compile.h"

video_face grade_video;

bool grade_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    struct grade *grade = grade_compile(params, env, chain_video(chain)->transfer, failure);
    if (!grade)
        return false;
    if (grade_is_identity(grade)) {
        chain_note(chain, "the grade changes nothing, no pixel was touched: %s",
                   grade_describe(grade));
        grade_destroy(grade);
        return true;
    }
    chain_note(chain, "graded: %s", grade_describe(grade));
    return chain_grade(chain, failure, grade);
}
