/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plans and folders for the ledger's tests. */
#include "made_plan.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>

static void task_free(void *data)
{
    struct plan_task *planned = data;
    task_destroy(planned->task);
    g_array_unref(planned->outputs);
    g_clear_pointer(&planned->measure_keys, g_ptr_array_unref);
    g_free(planned->cost_key);
    g_free(planned);
}

static void output_free(void *data)
{
    struct plan_output *output = data;
    g_free(output->path);
    g_free(output->final);
    g_free(output->part);
    g_free(output->input_hash);
    g_free(output->parameters);
    g_free(output->software);
    failure_clear(&output->failure);
    g_free(output);
}

static void add_task(struct plan *plan, enum task_kind kind, int output)
{
    struct plan_task *planned = g_new0(struct plan_task, 1);
    planned->task = task_create(kind);
    planned->task->id = (int)plan->tasks->len;
    planned->task->label = g_strdup_printf("clips/web A%04d.mov", output);
    planned->task->threads = 1;
    planned->outputs = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_val(planned->outputs, output);
    planned->cost_key = g_strdup(task_kind_name(kind));
    planned->guess_s = 10;
    planned->guess_bytes = 100e6;
    if (kind == TASK_MEASURE) {
        planned->measure_keys = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(planned->measure_keys, g_strdup_printf("loudness %d", output));
    }
    g_ptr_array_add(plan->tasks, planned);
}

static void input_free(void *data)
{
    struct plan_input *input = data;
    g_free(input->path);
    g_free(input);
}

static void add_input(GPtrArray *inputs, unsigned index)
{
    struct plan_input *input = g_new0(struct plan_input, 1);
    input->path = g_strdup_printf("/footage/A%04u.mov", index);
    g_ptr_array_add(inputs, input);
}

static void add_output(struct plan *plan, const char *out_dir, unsigned index)
{
    struct plan_output *output = g_new0(struct plan_output, 1);
    g_autofree char *token = g_strdup_printf("t%u", index);
    output->path = g_strdup_printf("web/A%04u.mp4", index);
    output->final = g_build_filename(out_dir, output->path, NULL);
    output->part = part_path(output->final, token);
    output->input_hash = g_strdup_printf("hash of A%04u", index);
    output->parameters = g_strdup("crf 19");
    output->software = g_strdup("rushes 1");
    output->input = (int)index;
    output->stale = STALE_NEVER;
    g_ptr_array_add(plan->outputs, output);
}

struct plan *made_plan(const char *out_dir, unsigned outputs)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->tasks = g_ptr_array_new_with_free_func(task_free);
    plan->outputs = g_ptr_array_new_with_free_func(output_free);
    GPtrArray *inputs = g_ptr_array_new_with_free_func(input_free);
    plan->inputs = inputs;
    for (unsigned i = 0; i < outputs; i++) {
        add_input(inputs, i);
        add_task(plan, TASK_MEASURE, (int)i);
        add_task(plan, TASK_RENDER, (int)i);
        add_task(plan, TASK_VERIFY, (int)i);
        add_output(plan, out_dir, i);
    }
    return plan;
}

void made_plan_destroy(struct plan *plan)
{
    g_ptr_array_unref(plan->tasks);
    g_ptr_array_unref(plan->outputs);
    g_ptr_array_unref((GPtrArray *)plan->inputs);
    g_free(plan);
}

const struct plan_output *made_output(const struct plan *plan, unsigned index)
{
    return plan->outputs->pdata[index];
}

bool begin_run(struct ledger *ledger, const char *id, const struct run_command *command,
               const struct plan *plan)
{
    return ledger_run_begin(ledger, id, command, NULL) && ledger_run_planned(ledger, plan, NULL);
}

char *temp_folder(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("rushes-ledger-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    return remove(path);
}

void remove_folder(char *folder)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    g_free(folder);
}

void write_file(const char *path, const char *text)
{
    g_autofree char *parent = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(parent, 0777), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}
