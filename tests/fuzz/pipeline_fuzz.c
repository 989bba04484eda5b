/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a pipeline file: checked, or refused with messages. */
#include "lang/pipeline.h"
#include "steps/list.h"

#include <stdint.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* One name for all runs: names of files are interned, and never freed. */
    g_autofree char *name = g_strdup_printf("rushes-fuzz-%d.yaml", (int)getpid());
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), name, NULL);
    g_assert(g_file_set_contents(path, (const char *)data, (gssize)size, NULL));
    struct pipeline_options options = {.steps = steps_all, .step_count = steps_count};
    g_auto(diag_ptr) diag = diag_create();
    g_auto(pipeline_ptr) pipeline = pipeline_load(path, &options, diag);
    g_autofree char *text = diag_text(diag, false);
    unlink(path);
    g_assert(!pipeline == (diag_errors(diag) > 0));
    g_assert(g_utf8_validate(text, -1, NULL));
    for (guint i = 0; pipeline && i < pipeline->jobs->len; i++) {
        const struct pipeline_job *job = pipeline->jobs->pdata[i];
        for (guint k = 0; k < job->outputs->len; k++)
            g_assert(((struct pipeline_output *)job->outputs->pdata[k])->container);
    }
    return 0;
}
