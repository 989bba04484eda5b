/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tasks and results in memory. */
#include "model/task.h"

#include "model/expect.h"

#include <math.h>

static const char *const kinds[] = {[TASK_PROBE] = "probe",
                                    [TASK_MEASURE] = "measure",
                                    [TASK_GATHER] = "gather",
                                    [TASK_RENDER] = "render",
                                    [TASK_VERIFY] = "verify",
                                    [TASK_COMPARE] = "compare",
                                    [TASK_FINGERPRINT] = "fingerprint"};

const char *task_kind_name(enum task_kind kind)
{
    return (unsigned)kind < G_N_ELEMENTS(kinds) ? kinds[kind] : "unknown";
}

static void file_destroy(struct task_file *file)
{
    g_free(file->path);
    g_free(file->used_by);
    g_free(file);
}

static void output_destroy(struct task_output *output)
{
    g_free(output->job);
    g_free(output->output);
    g_free(output->files);
    g_ptr_array_unref(output->steps);
    encode_destroy(output->encode);
    g_free(output);
}

struct task *task_create(enum task_kind kind)
{
    struct task *task = g_new0(struct task, 1);
    task->kind = kind;
    task->threads = 1;
    task->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_destroy);
    task->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_call_destroy);
    task->outputs = g_ptr_array_new_with_free_func((GDestroyNotify)output_destroy);
    task->parts = g_ptr_array_new_with_free_func((GDestroyNotify)facts_destroy);
    task->expect = g_ptr_array_new_with_free_func((GDestroyNotify)expectation_destroy);
    claim_clear(&task->claim);
    return task;
}

void task_destroy(struct task *task)
{
    if (!task)
        return;
    g_free(task->label);
    g_free(task->source_name);
    g_ptr_array_unref(task->files);
    g_ptr_array_unref(task->steps);
    g_ptr_array_unref(task->outputs);
    g_clear_pointer(&task->expect, g_ptr_array_unref);
    facts_destroy(task->source);
    g_ptr_array_unref(task->parts);
    claim_clear(&task->claim);
    g_free(task);
}

bool task_makes_package(const struct task *task)
{
    const struct task_output *output = task->outputs->len ? task->outputs->pdata[0] : NULL;
    const struct container *container =
        output && output->encode ? container_by_name(output->encode->container) : NULL;
    return container && container_is_package(container);
}

int task_add_file(struct task *task, const char *path, bool write)
{
    struct task_file *file = g_new0(struct task_file, 1);
    file->path = g_strdup(path);
    file->write = write;
    g_ptr_array_add(task->files, file);
    return (int)task->files->len - 1;
}

struct task_output *task_add_output(struct task *task, int file)
{
    struct task_output *output = g_new0(struct task_output, 1);
    output->file = file;
    output->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_call_destroy);
    g_ptr_array_add(task->outputs, output);
    return output;
}

static void unread_part_destroy(struct unread_part *unread)
{
    failure_clear(&unread->failure);
    g_free(unread);
}

static void output_result_destroy(struct output_result *output)
{
    failure_clear(&output->failure);
    claim_clear(&output->claim);
    facts_destroy(output->measured);
    g_ptr_array_unref(output->notes);
    g_ptr_array_unref(output->unread);
    glance_destroy(output->glance);
    g_free(output);
}

struct result *result_create(void)
{
    struct result *result = g_new0(struct result, 1);
    result->outputs = g_ptr_array_new_with_free_func((GDestroyNotify)output_result_destroy);
    result->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_destroy);
    return result;
}

void result_destroy(struct result *result)
{
    if (!result)
        return;
    failure_clear(&result->failure);
    g_ptr_array_unref(result->outputs);
    g_ptr_array_unref(result->checks);
    facts_destroy(result->facts);
    glance_destroy(result->glance);
    g_free(result);
}

struct output_result *result_add_output(struct result *result)
{
    struct output_result *output = g_new0(struct output_result, 1);
    output->notes = g_ptr_array_new_with_free_func(g_free);
    output->unread = g_ptr_array_new_with_free_func((GDestroyNotify)unread_part_destroy);
    claim_clear(&output->claim);
    g_ptr_array_add(result->outputs, output);
    return output;
}

struct unread_part *output_result_add_unread(struct output_result *result, unsigned part)
{
    struct unread_part *unread = g_new0(struct unread_part, 1);
    unread->part = part;
    g_ptr_array_add(result->unread, unread);
    return unread;
}
