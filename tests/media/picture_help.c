/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of moving picture for tests. */
#include "picture_help.h"

#include "steps/faces.h"

#include "base/diag.h"

struct video_shape picture_shape(const char *pix_fmt, int width, int height)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(av_get_pix_fmt(pix_fmt));
    const bool rgb = row->flags & AV_PIX_FMT_FLAG_RGB;
    return (struct video_shape){.width = width,
                                .height = height,
                                .sar = {1, 1},
                                .fps = {25, 1},
                                .duration_s = 2,
                                .depth = row->comp[0].depth,
                                .alpha = row->flags & AV_PIX_FMT_FLAG_ALPHA,
                                .rgb = rgb,
                                .chroma_w = row->log2_chroma_w,
                                .chroma_h = row->log2_chroma_h,
                                .pix_fmt = pix_fmt,
                                .range = rgb ? "pc" : "tv",
                                .matrix = rgb ? "gbr" : "bt709",
                                .primaries = "bt709",
                                .transfer = "bt709"};
}

struct chain *picture_chain(const struct video_shape *shape)
{
    struct failure failure = {0};
    const struct chain_input input = {.time_base = {1, 25}, .threads = 2, .video = shape};
    struct chain *chain = chain_create_video(&input, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return chain;
}

static int depth_of(const AVFrame *frame)
{
    return av_pix_fmt_desc_get(frame->format)->comp[0].depth;
}

unsigned picture_sample(const AVFrame *frame, int plane, int x, int y)
{
    const uint8_t *line = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    return depth_of(frame) > 8 ? ((const uint16_t *)line)[x] : line[x];
}

void picture_set(AVFrame *frame, int plane, int x, int y, unsigned value)
{
    uint8_t *line = frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
    if (depth_of(frame) > 8)
        ((uint16_t *)line)[x] = (uint16_t)value;
    else
        line[x] = (uint8_t)value;
}

void picture_fill(AVFrame *frame, int plane, int x, int y, int end_x, int end_y, unsigned value)
{
    for (int j = y; j < end_y; j++)
        for (int i = x; i < end_x; i++)
            picture_set(frame, plane, i, j, value << (depth_of(frame) - 8));
}

static void plane_size(const AVFrame *frame, int plane, int *width, int *height)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    const bool chroma = (plane == 1 || plane == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
    *width = AV_CEIL_RSHIFT(frame->width, chroma ? row->log2_chroma_w : 0);
    *height = AV_CEIL_RSHIFT(frame->height, chroma ? row->log2_chroma_h : 0);
}

AVFrame *picture_frame(const struct video_shape *shape, int n, unsigned luma)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = av_get_pix_fmt(shape->pix_fmt);
    frame->width = shape->width;
    frame->height = shape->height;
    frame->pts = n;
    frame->pkt_duration = 1;
    frame->interlaced_frame = shape->interlaced;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < av_pix_fmt_count_planes(frame->format); plane++) {
        int width, height;
        plane_size(frame, plane, &width, &height);
        const bool chroma = !shape->rgb && (plane == 1 || plane == 2);
        picture_fill(frame, plane, 0, 0, width, height, plane == 3 ? 255 : chroma ? 128 : luma);
    }
    return frame;
}

void picture_push(struct chain *chain, AVFrame *frame)
{
    struct failure failure = {0};
    g_assert_true(chain_push(chain, frame, &failure));
    av_frame_free(&frame);
}

static void free_frame(gpointer data)
{
    AVFrame *frame = data;
    av_frame_free(&frame);
}

GPtrArray *picture_end(struct chain *chain)
{
    struct failure failure = {0};
    GPtrArray *frames = g_ptr_array_new_with_free_func(free_frame);
    g_assert_true(chain_push(chain, NULL, &failure));
    for (;;) {
        AVFrame *out = av_frame_alloc();
        const enum chain_got got = chain_pull(chain, out, &failure);
        g_assert_cmpstr(failure.message, ==, NULL);
        if (got == CHAIN_FRAME) {
            g_ptr_array_add(frames, out);
            continue;
        }
        av_frame_free(&out);
        g_assert_cmpint(got, ==, CHAIN_END);
        return frames;
    }
}

bool picture_same(const AVFrame *a, const AVFrame *b)
{
    if (a->format != b->format || a->width != b->width || a->height != b->height)
        return false;
    for (int plane = 0; plane < av_pix_fmt_count_planes(a->format); plane++) {
        int width, height;
        plane_size(a, plane, &width, &height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (picture_sample(a, plane, x, y) != picture_sample(b, plane, x, y))
                    return false;
    }
    return true;
}

static struct node *params_of(va_list args)
{
    struct node *map = node_map((struct mark){0});
    for (const char *key; (key = va_arg(args, const char *));)
        node_put(map, key, (struct mark){0},
                 node_scalar(va_arg(args, const char *), (struct mark){0}));
    return map;
}

static int no_file(const struct face_env *env, const char *param)
{
    return -1;
}

static void *parse(const struct step_call *call, const struct params *table)
{
    g_auto(diag_ptr) diag = diag_create();
    void *params = params_new(table);
    const bool parsed = params_parse(table, call->params, call->name, false, params, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    g_assert_true(parsed);
    return params;
}

struct using
{
    struct facts *facts;
    struct task *task;
    struct step_call *call;
    struct face_env env;
    const struct faces *faces;
    void *params;
};

static void use(struct using *using, const struct chain *chain, const char *name, va_list args)
{
    const struct video_shape *shape = chain_video(chain);
    using->facts = facts_create();
    using->facts->kind = KIND_VIDEO;
    using->facts->fps = shape->fps;
    using->facts->duration_s = shape->duration_s;
    using->facts->timecode = shape->timecode[0] ? g_strdup(shape->timecode) : NULL;
    using->task = task_create(TASK_RENDER);
    using->call = step_call_create(name, params_of(args));
    g_ptr_array_add(using->task->steps, using->call);
    using->faces = faces_find(name);
    using->env = (struct face_env){
        .source = using->facts, .file = no_file, .task = using->task, .call = using->call};
    using->params = parse(using->call, &using->faces->step->params);
}

static void release(struct using *using)
{
    params_free(&using->faces->step->params, using->params);
    task_destroy(using->task);
    facts_destroy(using->facts);
}

bool picture_step(struct chain *chain, struct failure *failure, const char *seen, const char *name,
                  ...)
{
    struct using using;
    va_list args;
    va_start(args, name);
    use(&using, chain, name, args);
    va_end(args);
    struct node *measured = node_map((struct mark){0});
    if (seen)
        node_put(measured, FACTS_SEEN, (struct mark){0}, node_scalar(seen, (struct mark){0}));
    using.env.measured = measured;
    const bool done = using.faces->video(chain, using.params, &using.env, failure);
    node_unref(measured);
    release(&using);
    return done;
}

void picture_look(struct chain *chain, char **seen, const char *name, ...)
{
    struct using using;
    struct failure failure = {0};
    va_list args;
    va_start(args, name);
    use(&using, chain, name, args);
    va_end(args);
    faces_look(using.faces->step)(chain, using.params, &using.env, seen, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    release(&using);
}

char *picture_notes(const struct chain *chain)
{
    GString *text = g_string_new(NULL);
    const GPtrArray *notes = chain_notes(chain);
    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", (const char *)notes->pdata[i]);
    return g_string_free(text, FALSE);
}
