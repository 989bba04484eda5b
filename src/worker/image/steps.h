/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps on a still, and the file that it becomes: what renders of stills share. */
#pragma once

#include "media/still_file.h"
#include "steps/faces.h"
#include "worker/run.h"

struct image_job {
    const struct job *job;
    const struct task_output *output; /* whose steps they are; NULL: shared ones */
};

/* A call's parameters; freed by params_free. NULL with `failure`. */
void *image_params(const struct step_call *call, struct failure *failure);
/* What a face is told. */
struct face_env image_env(const struct image_job *on, const struct step_call *call);
/* The calls [from, end). */
bool image_steps(const struct image_job *on, struct still *still, const GPtrArray *calls,
                 guint from, guint end, struct failure *failure);
void image_take_notes(struct output_result *result, const struct still *still);
/* With the profile that `encode` names, to its part file; notes and failure go to the result. */
void image_write(const struct job *job, struct still *still, const struct task_output *output,
                 struct output_result *result);
/* What is heard of a still is progress of the share `from` to `to` of the task. It may be computed
 * in several passes: in each later one the pieces go on, and the fraction waits. Outlives the
 * still. */
struct image_hearing {
    struct still_listener listener;
    const struct job *job;
    double from, to, most; /* most: that was said */
    int64_t pieces;
};
void image_hear(struct image_hearing *hearing, const struct job *job);
void image_hear_share(struct image_hearing *hearing, double from, double to);
void image_say(const struct job *job, const char *stage, double fraction);

/* Outputs that gather all of the task's stills. */
void image_render_sheets(const struct job *job, struct result *result);
