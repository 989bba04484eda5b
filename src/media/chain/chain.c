/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains: life, the way of frames through the stages, notes. */
#include "media/chain_run.h"
#include "media/frame.h"

#include "private.h"

#include <libavutil/error.h>
#include <math.h>

bool fail_av(struct failure *failure, enum failure_class class, int error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    char why[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, why, sizeof(why));
    return fail(failure, error == AVERROR(ENOMEM) ? FAIL_MEMORY : class, "%s: %s", what, why);
}

struct chain *chain_new(enum AVMediaType type, int threads)
{
    struct chain *chain = g_new0(struct chain, 1);
    chain->type = type;
    chain->threads = MAX(threads, 1);
    chain->stages = g_ptr_array_new();
    chain->notes = g_ptr_array_new_with_free_func(g_free);
    chain->endings = g_array_new(FALSE, FALSE, sizeof(struct ending));
    chain->to_s = NAN;
    chain->own_to_s = INFINITY;
    chain->pace = 1;
    g_queue_init(&chain->input);
    return chain;
}

/* Stages stay with the chain they belong to; everything else is carried on. */
struct chain *chain_branch(const struct chain *shared, struct failure *failure)
{
    struct chain *chain = chain_new(shared->type, shared->threads);
    GPtrArray *stages = chain->stages, *notes = chain->notes;
    GArray *endings = chain->endings;
    *chain = *shared;
    chain->stages = stages;
    chain->notes = notes;
    chain->endings = endings;
    chain->thumbnails = NULL;
    chain->trunk = shared;
    chain->found_s = 0;
    chain->input_ended = false;
    g_queue_init(&chain->input);
    if (shared->still) {
        fail(failure, FAIL_INTERNAL, "a still can't be shared by branches");
        chain_destroy(chain);
        return NULL;
    }
    return chain;
}

void *chain_add(struct chain *chain, const struct stage_class *class, size_t size,
                AVRational time_base)
{
    struct stage *stage = g_malloc0(size);
    stage->class = class;
    stage->chain = chain;
    stage->time_base = time_base;
    chain->time_base = time_base;
    g_ptr_array_add(chain->stages, stage);
    return stage;
}

static void free_frame(gpointer data)
{
    AVFrame *frame = data;
    av_frame_free(&frame);
}

void chain_destroy(struct chain *chain)
{
    if (!chain)
        return;
    for (guint i = 0; i < chain->stages->len; i++) {
        struct stage *stage = chain->stages->pdata[i];
        stage->class->destroy(stage);
        g_free(stage);
    }
    g_ptr_array_unref(chain->stages);
    g_ptr_array_unref(chain->notes);
    g_array_unref(chain->endings);
    g_queue_clear_full(&chain->input, free_frame);
    g_free(chain->thumbnails);
    if (!chain->trunk)
        g_free(chain->origin);
    g_free(chain);
}

const struct video_shape *chain_video(const struct chain *chain)
{
    return &chain->video;
}

const struct sound_shape *chain_sound(const struct chain *chain)
{
    return &chain->sound;
}

void chain_note(struct chain *chain, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(chain->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

void chain_at_end(struct chain *chain, void (*note)(const void *state, struct chain *chain),
                  const void *state)
{
    const struct ending ending = {note, state};
    g_array_append_val(chain->endings, ending);
}

static void note_end(struct chain *chain)
{
    for (guint i = 0; i < chain->endings->len; i++) {
        const struct ending *ending = &g_array_index(chain->endings, struct ending, i);
        ending->note(ending->state, chain);
    }
    g_array_set_size(chain->endings, 0);
}

enum chain_got slot_take(struct slot *slot, AVFrame *out)
{
    if (!slot->frame)
        return slot->ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, slot->frame);
    av_frame_free(&slot->frame);
    return CHAIN_FRAME;
}

bool slot_canvas(struct slot *slot, int width, int height, struct failure *failure)
{
    AVFrame *out = frame_new();
    out->format = AV_PIX_FMT_RGB24;
    out->width = width;
    out->height = height;
    out->pts = 0;
    slot->frame = out;
    return av_frame_get_buffer(out, 0) >= 0 || fail(failure, FAIL_MEMORY, "no memory for a frame");
}

bool chain_push(struct chain *chain, const AVFrame *frame, struct failure *failure)
{
    if (!frame) {
        chain->input_ended = true;
        return true;
    }
    g_queue_push_tail(&chain->input, frame_copy(frame));
    return true;
}

static enum chain_got take_input(struct chain *chain, AVFrame *out)
{
    AVFrame *frame = g_queue_pop_head(&chain->input);
    if (!frame)
        return chain->input_ended ? CHAIN_END : CHAIN_MORE;
    av_frame_move_ref(out, frame);
    av_frame_free(&frame);
    return CHAIN_FRAME;
}

/* What comes out of the first `count` stages. */
static enum chain_got pull(struct chain *chain, guint count, AVFrame *out, struct failure *failure)
{
    if (count == 0)
        return take_input(chain, out);
    struct stage *stage = chain->stages->pdata[count - 1];
    for (;;) {
        enum chain_got got = stage->class->get(stage, out, failure);
        if (got != CHAIN_MORE)
            return got;
        AVFrame *next = frame_new();
        got = pull(chain, count - 1, next, failure);
        if (got != CHAIN_FRAME)
            av_frame_free(&next);
        if (got == CHAIN_MORE || got == CHAIN_FAILED)
            return got;
        if (!stage->class->put(stage, next, failure))
            return CHAIN_FAILED;
    }
}

enum chain_got chain_pull(struct chain *chain, AVFrame *out, struct failure *failure)
{
    enum chain_got got = pull(chain, chain->stages->len, out, failure);
    if (got == CHAIN_END)
        note_end(chain);
    if (got != CHAIN_FRAME)
        return got;
    out->time_base = chain->time_base;
    if (chain->type == AVMEDIA_TYPE_VIDEO)
        shape_tag(&chain->video, out);
    return got;
}

enum AVMediaType chain_type(const struct chain *chain)
{
    return chain->type;
}

AVRational chain_time_base(const struct chain *chain)
{
    return chain->time_base;
}

enum AVSampleFormat chain_sample_format(const struct chain *chain)
{
    return chain->sample_format;
}

const GPtrArray *chain_notes(const struct chain *chain)
{
    return chain->notes;
}

unsigned chain_source_notes(const struct chain *chain)
{
    return chain->origin && !chain->trunk ? chain->origin->notes : 0;
}

bool chain_is_empty(const struct chain *chain)
{
    return !chain->stepped && !chain->cut;
}

bool chain_only_cuts(const struct chain *chain)
{
    return !chain->stepped && chain->cut;
}

bool chain_is_graded(const struct chain *chain)
{
    return chain->graded;
}

bool chain_is_respaced(const struct chain *chain)
{
    return chain->respaced;
}

bool chain_is_retimed(const struct chain *chain)
{
    return chain->retimed;
}

double chain_pace(const struct chain *chain)
{
    return chain->pace;
}

bool chain_keeps_start(const struct chain *chain)
{
    return !chain->moved && !chain->retimed;
}

bool chain_is_still(const struct chain *chain)
{
    return chain->still;
}

bool chain_laid(const struct chain *chain)
{
    return chain->laid;
}

bool chain_half_solid(const struct chain *chain)
{
    return chain->half_solid;
}

void chain_span(const struct chain *chain, double *from_s, double *to_s)
{
    *from_s = chain->from_s;
    *to_s = chain->to_s + chain->ahead_s;
}

double chain_origin(const struct chain *chain)
{
    double found_s = 0;
    for (const struct chain *at = chain; at; at = at->trunk)
        found_s += at->found_s;
    return chain->offset_s + found_s;
}

void chain_lengthen(struct chain *chain, double duration_s)
{
    bool video = chain->type == AVMEDIA_TYPE_VIDEO;
    double *length_s = video ? &chain->video.duration_s : &chain->sound.duration_s;
    chain->own_to_s = chain->offset_s + *length_s;
    chain->to_s = NAN;
    *length_s = duration_s;
    chain->stepped = true;
}

void chain_fit_changes(struct chain *chain)
{
    chain->fits_changes = true;
}

double chain_own_end(const struct chain *chain)
{
    return chain->own_to_s;
}

bool chain_satisfied(const struct chain *chain)
{
    for (guint i = 0; i < chain->stages->len; i++) {
        const struct stage *stage = chain->stages->pdata[i];
        if (stage->class->done && stage->class->done(stage))
            return true;
    }
    return false;
}
