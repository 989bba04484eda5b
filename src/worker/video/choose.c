/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which streams of a source a render reads, by what its outputs hold. */
#include "render.h"

#include "base/timecode.h"

#include <math.h>

static const struct container *container_of(const struct task_output *output)
{
    return output->encode && output->encode->container
               ? container_by_name(output->encode->container)
               : NULL;
}

static bool needs_picture(const struct task_output *output)
{
    const struct container *container = container_of(output);
    return output->kind == KIND_IMAGE || (container && container_is_subtitles(container)) ||
           (container && container->video[0] && g_strcmp0(output->encode->video.codec, "none"));
}

static bool needs_sound(const struct task_output *output)
{
    const struct container *container = container_of(output);
    return output->kind != KIND_IMAGE && container && container->audio[0] &&
           g_strcmp0(output->encode->audio.codec, "none");
}

static bool any(const struct render *render, const bool *wanted,
                bool (*test)(const struct task_output *output))
{
    const GPtrArray *outputs = render->job->task->outputs;
    for (guint i = 0; i < outputs->len; i++)
        if ((!wanted || wanted[i]) && test(outputs->pdata[i]))
            return true;
    return false;
}

static void share(struct render *render, int stream)
{
    struct shared shared = {.stream = stream};
    g_array_append_val(render->shared, shared);
}

static bool choose_sounds(struct render *render, struct failure *failure)
{
    const unsigned both = SOURCE_DECODE | SOURCE_PACKETS;
    int chosen = source_sound(render->source);
    for (int i = 0; i < source_streams(render->source); i++) {
        struct failure why = {0};
        if (source_stream(render->source, i)->type != AVMEDIA_TYPE_AUDIO)
            continue;
        if (source_use(render->source, i, both, &why)) {
            share(render, i);
        } else if (i == chosen) {
            *failure = why;
            return false;
        } else {
            failure_clear(&why); /* it can still be copied */
            source_use(render->source, i, SOURCE_PACKETS, &why);
        }
    }
    return true;
}

static void find_timecode(struct render *render)
{
    const struct task *task = render->job->task;
    const struct facts *facts = task_joins(task) ? task->parts->pdata[render->part] : task->source;
    struct rational fps = {0, 1};
    if (render->picture >= 0 && !source_stream(render->source, render->picture)->variable)
        fps = source_stream(render->source, render->picture)->fps;
    if (facts && facts->timecode)
        timecode_without_drop(facts->timecode, fps, render->timecode);
}

bool render_choose(struct render *render, const bool *wanted, struct failure *failure)
{
    const unsigned both = SOURCE_DECODE | SOURCE_PACKETS;
    render->picture = source_picture(render->source);
    int main = render->picture >= 0 ? render->picture : source_sound(render->source);
    double start = main >= 0 ? source_stream(render->source, main)->start_s : 0;
    render->start_s = isfinite(start) ? start : 0;
    find_timecode(render);
    if (render->picture >= 0 && any(render, wanted, needs_picture)) {
        if (!source_use(render->source, render->picture, both, failure))
            return false;
        share(render, render->picture);
    }
    if (any(render, wanted, needs_sound) && !choose_sounds(render, failure))
        return false;
    for (int i = 0; i < source_streams(render->source); i++) {
        enum AVMediaType type = source_stream(render->source, i)->type;
        if ((type == AVMEDIA_TYPE_SUBTITLE || type == AVMEDIA_TYPE_DATA) &&
            !source_use(render->source, i, SOURCE_PACKETS, failure))
            return false;
    }
    return true;
}
