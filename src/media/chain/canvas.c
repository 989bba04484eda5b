/* SPDX-License-Identifier: GPL-3.0-or-later
 * Constant colours: a canvas around the picture, fades. libavfilter's own take every picture for
 * BT.601 of limited range, where black in a full-range picture is grey and red in BT.709 orange. */
#include "media/frame.h"
#include "private.h"

#include <math.h>

static unsigned code(const struct video_shape *shape, double value, bool chroma)
{
    double top = (1 << shape->depth) - 1, unit = ldexp(1, shape->depth - 8);
    if (!strcmp(shape->range, "pc"))
        value = chroma ? value * top + ldexp(1, shape->depth - 1) : value * top;
    else
        value = chroma ? (128 + 224 * value) * unit : (16 + 219 * value) * unit;
    return (unsigned)lround(CLAMP(value, 0, top));
}

struct solid solid_of(const struct video_shape *shape, struct rgba color)
{
    double r = color.r / 255., g = color.g / 255., b = color.b / 255.;
    double red = 0, blue = 0;
    if (!matrix_luma(shape->matrix, &red, &blue))
        matrix_luma("bt709", &red, &blue);
    double y = red * r + (1 - red - blue) * g + blue * b;
    unsigned alpha = (unsigned)lround(color.a / 255. * ((1 << shape->depth) - 1));
    if (shape->rgb)
        return (struct solid){
            {code(shape, g, false), code(shape, b, false), code(shape, r, false), alpha}};
    return (struct solid){{code(shape, y, false), code(shape, (b - y) / (2 - 2 * blue), true),
                           code(shape, (r - y) / (2 - 2 * red), true), alpha}};
}

struct plane frame_plane(const AVFrame *frame, int index)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    bool chroma = (index == 1 || index == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
    int x = chroma ? row->log2_chroma_w : 0, y = chroma ? row->log2_chroma_h : 0;
    return (struct plane){frame->data[index], frame->linesize[index],
                          AV_CEIL_RSHIFT(frame->width, x), AV_CEIL_RSHIFT(frame->height, y)};
}

bool laid_seen(const struct laid *laid, double time_s)
{
    return !(time_s < laid->from_s) && !(time_s >= laid->to_s);
}

int laid_along(double where, int outer, int inner, int margin, int step)
{
    double at = where * (outer - inner) + (1 - 2 * where) * margin;
    return (int)floor(at / step) * step;
}

static void fill(struct plane plane, int bytes, unsigned value)
{
    for (int y = 0; y < plane.height; y++) {
        uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        if (bytes == 1)
            memset(line, (int)value, plane.width);
        for (int x = 0; bytes == 2 && x < plane.width; x++)
            ((uint16_t *)line)[x] = value;
    }
}

/* --- the canvas --- */

struct pad_stage {
    struct stage stage;
    struct slot slot;
    int width, height, x, y, bytes;
    struct solid solid;
};

static void lay(const struct pad_stage *stage, const AVFrame *picture, AVFrame *canvas)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(picture->format);
    for (int i = 0; i < row->nb_components; i++) {
        struct plane to = frame_plane(canvas, i), from = frame_plane(picture, i);
        bool chroma = (i == 1 || i == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
        int x = stage->x >> (chroma ? row->log2_chroma_w : 0);
        int y = stage->y >> (chroma ? row->log2_chroma_h : 0);
        fill(to, stage->bytes, stage->solid.plane[i]);
        for (int line = 0; line < from.height; line++)
            memcpy(to.data + (ptrdiff_t)(y + line) * to.stride + (ptrdiff_t)x * stage->bytes,
                   from.data + (ptrdiff_t)line * from.stride, (size_t)from.width * stage->bytes);
    }
}

static bool pad_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct pad_stage *stage = (struct pad_stage *)base;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    AVFrame *canvas = frame_new();
    bool fine = av_frame_copy_props(canvas, frame) >= 0;
    if (fine) {
        canvas->format = frame->format;
        canvas->width = stage->width;
        canvas->height = stage->height;
        fine = av_frame_get_buffer(canvas, 0) >= 0;
    }
    if (fine)
        lay(stage, frame, canvas);
    else
        av_frame_free(&canvas);
    av_frame_free(&frame);
    stage->slot.frame = canvas;
    return fine || fail(failure, FAIL_MEMORY, "no memory for a frame");
}

static enum chain_got pad_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct pad_stage *)stage)->slot, out);
}

static void pad_destroy(struct stage *stage)
{
    av_frame_free(&((struct pad_stage *)stage)->slot.frame);
}

static const struct stage_class pad_class = {"canvas", pad_put, pad_get, NULL, pad_destroy};

bool chain_pad(struct chain *chain, struct failure *failure, const struct canvas_place *place,
               struct rgba color)
{
    if (!chain_plain(chain, failure))
        return false;
    struct pad_stage *stage = chain_add(chain, &pad_class, sizeof(*stage), chain->time_base);
    stage->width = chain->video.width = place->width;
    stage->height = chain->video.height = place->height;
    stage->x = place->x;
    stage->y = place->y;
    stage->bytes = chain->video.depth > 8 ? 2 : 1;
    stage->solid = solid_of(&chain->video, color);
    if (color.r || color.g || color.b)
        chain_light_changed(chain);
    return true;
}

/* --- fades --- */

struct fade_stage {
    struct stage stage;
    struct slot slot;
    bool in;
    double start_s, length_s;
    int bytes;
    struct solid solid;
};

/* How much of the picture is seen, in 65536ths. */
static unsigned share_at(const struct fade_stage *stage, double time_s)
{
    double done = (time_s - stage->start_s) / stage->length_s;
    double share = stage->in ? done : 1 - done;
    return (unsigned)lround(CLAMP(share, 0, 1) * 65536);
}

static void mix(struct plane plane, int bytes, unsigned value, unsigned share)
{
    uint64_t rest = (uint64_t)value * (65536 - share) + 32768;
    for (int y = 0; y < plane.height; y++) {
        uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        for (int x = 0; bytes == 1 && x < plane.width; x++)
            line[x] = (line[x] * share + (unsigned)rest) >> 16;
        for (int x = 0; bytes == 2 && x < plane.width; x++)
            ((uint16_t *)line)[x] = (((uint16_t *)line)[x] * (uint64_t)share + rest) >> 16;
    }
}

static bool fade_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct fade_stage *stage = (struct fade_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    unsigned share = frame ? share_at(stage, frame->pts * av_q2d(base->time_base)) : 65536;
    if (share == 65536)
        return true;
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    int planes = MIN(av_pix_fmt_count_planes(frame->format), 3);
    for (int i = 0; i < planes; i++)
        mix(frame_plane(frame, i), stage->bytes, stage->solid.plane[i], share);
    return true;
}

static enum chain_got fade_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct fade_stage *)stage)->slot, out);
}

static void fade_destroy(struct stage *stage)
{
    av_frame_free(&((struct fade_stage *)stage)->slot.frame);
}

static const struct stage_class fade_class = {"fade", fade_put, fade_get, NULL, fade_destroy};

bool chain_fade(struct chain *chain, struct failure *failure, bool in, double start_s,
                double length_s, struct rgba color)
{
    if (!chain_plain(chain, failure))
        return false;
    struct fade_stage *stage = chain_add(chain, &fade_class, sizeof(*stage), chain->time_base);
    stage->in = in;
    stage->start_s = start_s;
    stage->length_s = length_s;
    stage->bytes = chain->video.depth > 8 ? 2 : 1;
    stage->solid = solid_of(&chain->video, color);
    chain_light_changed(chain);
    return true;
}
