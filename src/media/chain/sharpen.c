/* SPDX-License-Identifier: GPL-3.0-or-later
 * Unsharp masking of moving picture, in float, by slices. */
#include "media/chain_picture.h"

#include "../signal/gaussian.h"
#include "picture.h"

#include <math.h>

struct sharpen {
    struct unsharp unsharp;
    struct gaussian gaussian;
    struct levels_of levels;
    float weight[3]; /* of G, B and R in luma: as planes stand */
    int planes, bytes;
    bool fields;
    float *luma, *across; /* of a frame, 0 to 1 */
    struct slices *slices;
    int threads;
};

/* One field, or a frame. */
struct sheet {
    struct sharpen *sharpen;
    struct plane plane[3];
    int width, height;
};

static float *row_of(const struct sheet *sheet, float *values, int y)
{
    return values + (ptrdiff_t)y * sheet->width;
}

static const uint8_t *line_of(const struct plane *plane, int y)
{
    return plane->data + (ptrdiff_t)y * plane->stride;
}

static void read_luma(const struct sheet *sheet, int y, float *out)
{
    const struct sharpen *s = sheet->sharpen;
    const float black = (float)s->levels.black, scale = (float)(1 / s->levels.span);
    for (int x = 0; x < sheet->width; x++)
        out[x] = 0;
    for (int i = 0; i < s->planes; i++) {
        const uint8_t *line = line_of(&sheet->plane[i], y);
        for (int x = 0; x < sheet->width; x++)
            out[x] += s->weight[i] * ((float)sample_at(line, s->bytes, x) - black) * scale;
    }
}

static void blur_across(void *data, int top, int bottom)
{
    const struct sheet *sheet = data;
    struct sharpen *s = sheet->sharpen;
    for (int y = top; y < bottom; y++) {
        float *luma = row_of(sheet, s->luma, y);
        read_luma(sheet, y, luma);
        gaussian_row(&s->gaussian, luma, row_of(sheet, s->across, y), sheet->width);
    }
}

static float added(const struct sharpen *s, float detail)
{
    const float more = fabsf(detail) - (float)s->unsharp.threshold;
    return more > 0 ? copysignf(more * (float)s->unsharp.amount, detail) : 0;
}

static void sharpen_rows(void *data, int top, int bottom)
{
    const struct sheet *sheet = data;
    const struct sharpen *s = sheet->sharpen;
    const float most = (float)s->levels.top, span = (float)s->levels.span;
    g_autofree float *blurred = g_new(float, (gsize)sheet->width);
    for (int y = top; y < bottom; y++) {
        gaussian_column(&s->gaussian, s->across, blurred, sheet->width, sheet->height, y);
        for (int x = 0; x < sheet->width; x++) {
            const float by = added(s, row_of(sheet, s->luma, y)[x] - blurred[x]) * span;
            for (int i = 0; i < s->planes && by != 0; i++) {
                uint8_t *line = (uint8_t *)line_of(&sheet->plane[i], y);
                const float value = (float)sample_at(line, s->bytes, x) + by;
                put_sample(line, s->bytes, x, (unsigned)lrintf(CLAMP(value, 0, most)));
            }
        }
    }
}

static void sharpen_field(struct sharpen *s, const AVFrame *frame, int field)
{
    struct sheet sheet = {.sharpen = s};
    for (int i = 0; i < s->planes; i++)
        sheet.plane[i] = plane_field(frame_plane(frame, i), field);
    sheet.width = sheet.plane[0].width;
    sheet.height = sheet.plane[0].height;
    slices_run(s->slices, sheet.height, blur_across, &sheet);
    slices_run(s->slices, sheet.height, sharpen_rows, &sheet);
}

static AVFrame *sharpen_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct sharpen *s = state;
    const size_t samples = (size_t)frame->width * (size_t)frame->height;
    if (!frame_own(frame, failure)) {
        av_frame_free(&frame);
        return NULL;
    }
    if (!s->luma) {
        s->luma = g_new(float, samples);
        s->across = g_new(float, samples);
        s->slices = slices_create(s->threads);
    }
    for (int field = s->fields ? 0 : -1; field < (s->fields ? 2 : 0); field++)
        sharpen_field(s, frame, field);
    return frame;
}

static void sharpen_free(void *state)
{
    struct sharpen *s = state;
    slices_destroy(s->slices);
    gaussian_finish(&s->gaussian);
    g_free(s->luma);
    g_free(s->across);
    g_free(s);
}

static void weigh(struct sharpen *s, const struct chain *chain)
{
    double red = 0, blue = 0;
    s->planes = chain->video.rgb ? 3 : 1;
    s->weight[0] = 1;
    if (!chain->video.rgb)
        return;
    const bool wide = g_str_has_prefix(chain->video.primaries, "bt2020");
    matrix_luma(wide ? "bt2020nc" : "bt709", &red, &blue);
    s->weight[0] = (float)(1 - red - blue);
    s->weight[1] = (float)blue;
    s->weight[2] = (float)red;
}

bool chain_sharpen(struct chain *chain, struct failure *failure, const struct unsharp *unsharp)
{
    static const struct picture_work work = {"sharpen", sharpen_run, sharpen_free};
    struct sharpen *s = g_new0(struct sharpen, 1);
    if (!chain_picture(chain, failure, &work, s))
        return false;
    const struct video_shape *shape = &chain->video;
    s->unsharp = *unsharp;
    s->gaussian = gaussian_create(unsharp->radius);
    s->levels = levels_of_shape(shape);
    s->bytes = shape->depth > 8 ? 2 : 1;
    s->fields = shape->interlaced;
    s->threads = chain->threads;
    weigh(s, chain);
    return true;
}
