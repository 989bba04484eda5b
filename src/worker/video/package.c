/* SPDX-License-Identifier: GPL-3.0-or-later
 * A render that cuts finished files into a package. */
#include "media/package.h"

#include "worker/run.h"

#include <string.h>

static const double SEGMENT_S = 6; /* Apple, HLS Authoring Specification, 7.5 */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void worker_package(const struct job *job, struct result *result)
{
    const struct task_output *output = job->task->outputs->pdata[0];
    struct output_result *made = result_add_output(result);
    const struct position *segment = &output->encode->segment;
    const struct package_opts opts = {
        .container = output->encode->container,
        .name = output->files,
        .segment_s = segment->kind == POSITION_NONE ? SEGMENT_S : segment->value,
    };
    const unsigned sources = (unsigned)output->file;
    g_autofree const char **names = g_new0(const char *, sources + 1);
    for (unsigned i = 0; i < sources; i++)
        names[i] = name_of(((struct task_file *)job->task->files->pdata[i])->path);
    package_write(job->fds, names, sources, &opts, job->fds[output->file], &made->claim,
                  &made->failure);
}
