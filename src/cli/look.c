/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files looked at without a pipeline. */
#include "look.h"

#include "exit.h"
#include "ingest.h"
#include "interrupt.h"
#include "scan.h"
#include "session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int find_inputs(struct look *look, const struct args *args)
{
    struct scan_aside aside = scan_aside_create();
    look->inputs = scan_inputs(args->words, NULL, NULL, NULL, NULL, &aside);
    if (look->inputs)
        g_ptr_array_extend_and_steal(look->inputs, g_steal_pointer(&aside.unread));
    scan_aside_clear(&aside);
    if (!look->inputs)
        return EXIT_NO_INPUT;
    if (!look->inputs->len) {
        fprintf(stderr, "rushes: no input matched: no file there has the extension of video, sound "
                        "or stills\n");
        return EXIT_NO_INPUT;
    }
    for (guint i = 0; i < look->inputs->len; i++)
        ((struct plan_input *)look->inputs->pdata[i])->trust = args->trust;
    return EXIT_DONE;
}

int look_open(struct look *look, const struct args *args, bool measure)
{
    g_autoptr(GError) error = NULL;
    interrupt_catch();
    int code = find_inputs(look, args);
    if (code != EXIT_DONE)
        return code;
    struct local_params local = {.worker = args->worker};
    look->scratch = g_dir_make_tmp("rushes-XXXXXX", &error);
    look->engine = look->scratch ? engine_local(&local, &error) : NULL;
    if (!look->engine) {
        fprintf(stderr, "rushes: %s\n", error->message);
        return EXIT_USAGE;
    }
    look->guard = (struct guard){.engine = look->engine, .required = args->require_sandbox};
    look->errand = (struct errand){
        .guard = &look->guard,
        .display = display_create((enum progress_mode)args->progress, STDERR_FILENO),
        .tasks_dir = look->scratch,
        .jobs = args->jobs};
    struct ingest ingest = {.errand = look->errand, .measure = measure};
    return ingest_run(&ingest, look->inputs);
}

int look_measure(struct look *look)
{
    for (guint i = 0; i < look->inputs->len; i++) {
        struct plan_input *input = look->inputs->pdata[i];
        if (input->facts && !input->facts->measured)
            facts_destroy(g_steal_pointer(&input->facts));
    }
    struct ingest ingest = {.errand = look->errand, .measure = true};
    return ingest_run(&ingest, look->inputs);
}

void look_told(struct look *look, const struct failure *failure)
{
    look->keep |= look->scratch && failure->message && strstr(failure->message, look->scratch);
}

void look_settle(struct look *look)
{
    display_destroy(g_steal_pointer(&look->errand.display));
}

void look_close(struct look *look)
{
    look_settle(look);
    for (guint i = 0; look->inputs && i < look->inputs->len; i++)
        look_told(look, &((const struct plan_input *)look->inputs->pdata[i])->failure);
    if (look->inputs)
        g_ptr_array_unref(look->inputs);
    engine_destroy(look->engine);
    if (look->scratch && !look->keep)
        remove_tree(look->scratch);
    g_free(look->scratch);
}
