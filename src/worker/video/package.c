/* SPDX-License-Identifier: GPL-3.0-or-later
 * A render that cuts finished files into a package. */
#include "package_table.h"

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
    const unsigned count = (unsigned)output->file;
    g_autofree struct package_file *files = g_new0(struct package_file, count + 1);
    g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func(package_track_free);
    for (unsigned i = 0; i < count; i++)
        files[i] = (struct package_file){
            job->fds[i], name_of(((struct task_file *)job->task->files->pdata[i])->path)};
    if (package_write(files, count, &opts, job->fds[output->file], tracks, &made->claim,
                      &made->failure))
        package_table(job, opts.container, tracks, made);
}
