/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders a still to its outputs: decoded once, shared steps once, then a fork for each output. */
#include "steps.h"

#include "media/glance.h"
#include "model/still_format.h"

static const struct still_format *format_of(const struct task_output *output)
{
    const struct encode *encode = output->encode;
    return still_format_find(encode->image.format ? encode->image.format : encode->container,
                             &encode->image);
}

static bool wants_frames(const struct task *task)
{
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct still_format *format = format_of(task->outputs->pdata[i]);
        if (format && format->frames)
            return true;
    }
    return false;
}

/* What the first of these steps scales the source to, if it does. Each output answers for itself:
 * its pixels don't depend on what else is made of its source. */
static bool scales(const GPtrArray *steps, const struct facts *source, struct still_scaling *to)
{
    const struct step_call *call = steps->len ? steps->pdata[0] : NULL;
    const struct faces *faces = call ? faces_find(call->name) : NULL;
    scaling_face *scaling = source && faces ? faces_scaling(faces->step) : NULL;
    if (!scaling)
        return false;
    g_auto(diag_ptr) diag = diag_create();
    const struct params *table = &faces->step->params;
    void *params = params_new(table);
    bool do_scale = params_parse(table, call->params, call->name, false, params, diag) &&
                    scaling(params, source->width, source->height, to);
    params_free(table, params);
    return do_scale;
}

/* What a source is decoded to: the sizes that outputs scale it to first, each once, and which of
 * them an output takes, or WHOLE, or INK: the whole of it, of CMYK as it is. */
enum { SIZES = 0, WHOLE = -1, INK = -2 };
struct decoding {
    GArray *sizes; /* struct still_scaling */
    int *size_of;  /* by output */
};

static int place_of(GArray *sizes, const struct still_scaling *to)
{
    for (guint i = 0; i < sizes->len; i++) {
        const struct still_scaling *one = &g_array_index(sizes, struct still_scaling, i);
        if (one->width == to->width && one->height == to->height &&
            g_str_equal(one->kernel, to->kernel))
            return (int)i;
    }
    g_array_append_val(sizes, *to);
    return (int)sizes->len - 1;
}

static bool keeps_ink(const struct task *task, const struct task_output *output)
{
    const struct still_format *format = format_of(output);
    const struct facts *source = task->source;
    return format && source && source->bands == 4 && !source->alpha && !task->steps->len &&
           !output->steps->len && still_format_keeps_ink(format, &output->encode->image);
}

static void decoding_init(struct decoding *decoding, const struct task *task)
{
    struct still_scaling to;
    decoding->sizes = g_array_new(FALSE, FALSE, sizeof to);
    decoding->size_of = g_new(int, task->outputs->len);
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        const GPtrArray *steps = task->steps->len ? task->steps : output->steps;
        decoding->size_of[i] = scales(steps, task->source, &to) ? place_of(decoding->sizes, &to)
                               : keeps_ink(task, output)        ? INK
                                                                : WHOLE;
    }
}

static void decoding_clear(struct decoding *decoding)
{
    g_array_unref(decoding->sizes);
    g_free(decoding->size_of);
}

static void close_still(void *still)
{
    still_close(still);
}

static GPtrArray *only(struct still *still)
{
    GPtrArray *stills = still ? g_ptr_array_new_with_free_func(close_still) : NULL;
    if (still)
        g_ptr_array_add(stills, still);
    return stills;
}

/* In all sizes; NULL: the whole alone. */
static GPtrArray *open_source(const struct job *job, const GArray *sizes, bool ink,
                              const struct still_listener *listener, struct failure *failure)
{
    const struct image_job shared = {job, NULL};
    const struct still_opts opts = {.damaged_allow = job->task->damaged_allow,
                                    .animated = wants_frames(job->task),
                                    .ink = ink,
                                    .threads = job->task->threads,
                                    .listener = listener};
    g_autoptr(GPtrArray) stills =
        sizes ? still_open_sizes(job->fds[0], &opts, (const struct still_scaling *)sizes->data,
                                 sizes->len, failure)
              : only(still_open(job->fds[0], &opts, failure));
    for (guint i = 0; stills && i < stills->len; i++) {
        struct still *still = stills->pdata[i];
        if (!image_steps(&shared, still, job->task->steps, 0, job->task->steps->len, failure))
            return NULL;
        if (job->task->outputs->len > 1 && job->task->steps->len && !still_settle(still, failure))
            return NULL;
    }
    return g_steal_pointer(&stills);
}

static void render(const struct job *job, const struct still *source,
                   const struct task_output *output, struct output_result *result)
{
    g_auto(still_ptr) still = still_fork(source);
    const struct image_job own = {job, output};
    if (image_steps(&own, still, output->steps, 0, output->steps->len, &result->failure))
        image_write(job, still, output, result);
    else
        image_take_notes(result, still);
}

/* Of the work on the first output. */
static const double DECODE_SHARE = 0.3;

/* The outputs that take the whole, or INK, or SIZES, whichever. */
static void render_those(const struct job *job, const struct decoding *decoding, int which,
                         struct result *result)
{
    const GPtrArray *outputs = job->task->outputs;
    struct image_hearing hearing;
    g_autoptr(GPtrArray) sources = NULL;
    struct failure failure = {FAIL_NONE, NULL};
    image_hear(&hearing, job);
    for (guint i = 0; i < outputs->len; i++) {
        struct output_result *one = result->outputs->pdata[i];
        const int size = decoding->size_of[i];
        if (MIN(size, SIZES) != which)
            continue;
        image_say(job, "decode", (double)i / outputs->len);
        image_hear_share(&hearing, (double)i / outputs->len, (i + DECODE_SHARE) / outputs->len);
        if (!sources && failure.class == FAIL_NONE)
            sources = open_source(job, which == SIZES ? decoding->sizes : NULL, which == INK,
                                  &hearing.listener, &failure);
        image_hear_share(&hearing, hearing.most, (i + 1.0) / outputs->len);
        if (sources)
            render(job, sources->pdata[MAX(size, 0)], outputs->pdata[i], one);
        else
            fail(&one->failure, failure.class, "%s", failure.message);
    }
    failure_clear(&failure);
}

static bool any_good(const struct result *result)
{
    for (guint i = 0; i < result->outputs->len; i++)
        if (((struct output_result *)result->outputs->pdata[i])->failure.class == FAIL_NONE)
            return true;
    return false;
}

/* Decoding a photograph once more takes a third of what its outputs take. */
enum { SMALL_PIXELS = 4000000 };

static bool is_small(const struct facts *source)
{
    return source && (int64_t)source->width * source->height <= SMALL_PIXELS;
}

/* What was refused is not opened again. */
static void look_at_source(const struct job *job, struct result *result)
{
    g_autoptr(GBytes) before = !any_good(result)             ? NULL
                               : is_small(job->task->source) ? glimpse_of_still(job->fds[0])
                                                             : glimpse_at_hand(job->fds[0]);
    for (guint i = 0; before && i < result->outputs->len; i++) {
        struct output_result *output = result->outputs->pdata[i];
        if (output->failure.class != FAIL_NONE)
            continue;
        output->glance = glance_create();
        output->glance->before = g_bytes_ref(before);
    }
}

void worker_render_image(const struct job *job, struct result *result)
{
    for (guint i = 0; i < job->task->outputs->len; i++)
        result_add_output(result);
    if (task_joins(job->task)) {
        image_render_sheets(job, result);
        return;
    }
    struct decoding decoding;
    decoding_init(&decoding, job->task);
    render_those(job, &decoding, WHOLE, result);
    render_those(job, &decoding, INK, result);
    render_those(job, &decoding, SIZES, result);
    decoding_clear(&decoding);
    look_at_source(job, result);
}
