/* SPDX-License-Identifier: GPL-3.0-or-later
 * The safe areas, on frames and on stills. */
#include "safe_areas.h"

#include "media/chain_picture.h"

#include "../chain/picture.h"
#include "../still/private.h"

#include <math.h>

enum { LINES_A_THICKNESS = 540 };
static const double ACTION = 0.93, TITLES = 0.90;

static void outline(int width, int height, double share, struct safe_side sides[4])
{
    const int w = (int)lround(width * share / 2) * 2, h = (int)lround(height * share / 2) * 2;
    const int x = (width - w) / 2, y = (height - h) / 2;
    const int thick = MAX(height / LINES_A_THICKNESS, 1);
    sides[0] = (struct safe_side){x, y, w, thick};
    sides[1] = (struct safe_side){x, y + h - thick, w, thick};
    sides[2] = (struct safe_side){x, y + thick, thick, h - 2 * thick};
    sides[3] = (struct safe_side){x + w - thick, y + thick, thick, h - 2 * thick};
}

void safe_sides(int width, int height, struct safe_side sides[SAFE_SIDES])
{
    outline(width, height, ACTION, sides);
    outline(width, height, TITLES, sides + SAFE_SIDES / 2);
}

/* --- frames --- */

struct safe {
    struct safe_side sides[SAFE_SIDES];
    struct laid laid;
    struct solid solid;
    double cover;
    int bytes;
};

static void draw_side(const struct safe *safe, struct plane plane, int index,
                      const struct safe_side *side, int step_x, int step_y)
{
    const int end_x = MIN((side->x + side->width + step_x - 1) / step_x, plane.width),
              end_y = MIN((side->y + side->height + step_y - 1) / step_y, plane.height);
    for (int y = MAX(side->y / step_y, 0); y < end_y; y++) {
        uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        for (int x = MAX(side->x / step_x, 0); x < end_x; x++) {
            const double old = sample_at(line, safe->bytes, x);
            put_sample(line, safe->bytes, x,
                       (unsigned)lrint(old + (safe->solid.plane[index] - old) * safe->cover));
        }
    }
}

static AVFrame *safe_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    const struct safe *safe = state;
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    if (!laid_seen(&safe->laid, time_s))
        return frame;
    if (!frame_own(frame, failure)) {
        av_frame_free(&frame);
        return NULL;
    }
    for (int i = 0; i < av_pix_fmt_count_planes(frame->format); i++) {
        const bool chroma = (i == 1 || i == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
        for (int k = 0; k < SAFE_SIDES; k++)
            draw_side(safe, frame_plane(frame, i), i, &safe->sides[k],
                      1 << (chroma ? row->log2_chroma_w : 0),
                      1 << (chroma ? row->log2_chroma_h : 0));
    }
    return frame;
}

bool chain_safe_areas(struct chain *chain, struct failure *failure, struct rgba color,
                      const struct laid *laid)
{
    static const struct picture_work work = {"safe areas", safe_run, g_free};
    struct safe *safe = g_new0(struct safe, 1);
    if (!chain_picture(chain, failure, &work, safe))
        return false;
    safe_sides(chain->video.width, chain->video.height, safe->sides);
    safe->laid = *laid;
    safe->solid = solid_of(&chain->video, (struct rgba){color.r, color.g, color.b, 255});
    safe->cover = color.a / 255.0;
    safe->bytes = chain->video.depth > 8 ? 2 : 1;
    chain_light_changed(chain);
    return true;
}

/* --- stills --- */

static VipsImage *bar(const struct safe_side *side, struct rgba color)
{
    const gsize count = (gsize)side->width * (gsize)side->height;
    g_autofree guint16 *pixels = g_new(guint16, 4 * count);
    for (gsize i = 0; i < count; i++) {
        pixels[4 * i] = color.r * 257;
        pixels[4 * i + 1] = color.g * 257;
        pixels[4 * i + 2] = color.b * 257;
        pixels[4 * i + 3] = color.a * 257;
    }
    g_autoptr(VipsImage) raw = vips_image_new_from_memory_copy(pixels, 8 * count, side->width,
                                                               side->height, 4, VIPS_FORMAT_USHORT);
    VipsImage *typed = NULL;
    if (!raw || vips_copy(raw, &typed, "interpretation", VIPS_INTERPRETATION_RGB16, NULL))
        return NULL;
    return typed;
}

bool still_safe_areas(struct still *still, struct failure *failure, struct rgba color)
{
    struct safe_side sides[SAFE_SIDES];
    const struct still_shape shape = still_shape(still);
    safe_sides(shape.width, shape.height, sides);
    for (int k = 0; k < SAFE_SIDES; k++) {
        if (sides[k].width < 1 || sides[k].height < 1)
            continue;
        g_autoptr(VipsImage) layer = bar(&sides[k], color);
        if (!layer)
            return fail_vips(failure, FAIL_MEMORY, "the safe areas can't be drawn");
        if (!still_blend(still, failure, "the safe areas can't be drawn", layer, 1, sides[k].x,
                         sides[k].y))
            return false;
    }
    return true;
}
