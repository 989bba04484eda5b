/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tasks are light. */
#include "local.h"

#include <string.h>

/* What libsndfile reads without loss, by libav's name. */
static const char *const sources[] = {"wav", "w64", "aiff", "caf", "au", "flac", NULL};

/* Steps whose sound goes through filters of libavfilter. */
static const char *const filtered[] = {"denoise", "fade", "speed", NULL};

static bool is_light_source(const struct facts *facts)
{
    return facts && facts->kind == KIND_AUDIO && facts->container &&
           g_strv_contains(sources, facts->container) && facts_sound_is_plain(facts);
}

static bool are_light_sources(const struct task *task)
{
    for (guint i = 0; task->parts && i < task->parts->len; i++)
        if (!is_light_source(task->parts->pdata[i]))
            return false;
    return task_joins(task) || is_light_source(task->source);
}

static bool are_light_steps(const GPtrArray *steps)
{
    for (guint i = 0; steps && i < steps->len; i++)
        if (g_strv_contains(filtered, ((const struct step_call *)steps->pdata[i])->name))
            return false;
    return true;
}

/* A meter, or a file that libavformat has no part in. */
static bool is_light_output(const struct task_output *output)
{
    const char *name = output->encode ? output->encode->container : NULL;
    const struct container *container = name ? container_by_name(name) : NULL;
    bool written = container && container->kind == KIND_AUDIO && !container->muxer;
    return are_light_steps(output->steps) && (!output->encode || written);
}

/* Nothing is known of a file yet but its name. What a WAVE file has beside its samples, and all
 * that is measured, is for the full one. */
static bool is_light_probe(const struct task *task)
{
    for (guint i = 0; i < task->files->len; i++) {
        const struct task_file *file = task->files->pdata[i];
        const char *dot = strrchr(file->path, '.');
        if (!dot || g_ascii_strcasecmp(dot, ".wav") != 0)
            return false;
    }
    return !task->measure;
}

bool sound_worker_takes(const struct task *task)
{
    if (task->kind == TASK_PROBE)
        return is_light_probe(task);
    bool sound =
        task->media == KIND_AUDIO && (task->kind == TASK_MEASURE || task->kind == TASK_RENDER);
    if (!sound || !are_light_sources(task) || !are_light_steps(task->steps))
        return false;
    for (guint i = 0; i < task->outputs->len; i++)
        if (!is_light_output(task->outputs->pdata[i]))
            return false;
    return true;
}
