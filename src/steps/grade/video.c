/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: moving picture. */
#include "compile.h"

video_face grade_video;

static bool run(void *state, struct rgb_rows *rows, struct failure *failure)
{
    for (int y = 0; y < rows->height; y++) {
        size_t row = (size_t)y * rows->stride;
        grade_apply(state, rows->r + row, rows->g + row, rows->b + row, (size_t)rows->width);
    }
    return true;
}

static void free_grade(void *state)
{
    grade_destroy(state);
}

bool grade_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    struct grade *grade = grade_compile(params, env, failure);
    if (!grade)
        return false;
    if (grade_is_identity(grade)) {
        chain_note(chain, "the grade changes nothing: no pixel was touched");
        grade_destroy(grade);
        return true;
    }
    chain_note(chain, "graded: %s", grade_describe(grade));
    return chain_rgb_kernel(chain, failure, "grade", run, grade, free_grade);
}
