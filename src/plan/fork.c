/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where outputs part: which of a job's steps run once for all of them. */
#include "build.h"

/* A still and what follows it, or a step that names the output, forks off with each. So does sound
 * from the first step on that measures it: each output lands on its target as it is delivered. */
struct fork fork_of(const struct pipeline_job *job)
{
    bool sound = false;
    struct fork fork = {job->steps->len, job->steps->len};
    for (guint s = 0; s < fork.all; s++) {
        const struct step_use *use = job->steps->pdata[s];
        bool forks = use->step->makes_still || (use->params && node_has(use->params, "${output"));
        bool heard = use->step->faces & KIND_AUDIO;
        if (!sound && heard && use->step->measures)
            fork.sound = s;
        sound |= heard && use->step->measures;
        if (forks || (sound && heard && use->step->faces != KIND_AUDIO))
            fork.all = s;
    }
    return fork;
}

bool forks_off(const struct fork *fork, const struct pipeline_job *job, guint s)
{
    const struct step *step = ((struct step_use *)job->steps->pdata[s])->step;
    return s >= fork->all || (s >= fork->sound && step->faces == KIND_AUDIO);
}
