/* SPDX-License-Identifier: GPL-3.0-or-later
 * A Gaussian blur of moving picture, in float, by slices. */
#include "media/chain_picture.h"

#include "../signal/soft.h"
#include "picture.h"

struct blur {
    double across[2], down[2]; /* standard deviations: of luma, alpha and RGB; of chroma */
    int bytes, threads;
    float white; /* of alpha */
    bool alpha, fields;
    struct soft *soft[2], *solid; /* made for the first frame */
    struct slices *slices;
};

/* A plane of one field, or of a frame. */
struct sheet {
    const struct blur *blur;
    struct plane plane, alpha; /* alpha without data: all counts alike */
    struct soft *soft;
};

static uint8_t *line_of(const struct plane *plane, int y)
{
    return plane->data + (ptrdiff_t)y * plane->stride;
}

static void fetch(void *data, int y, float *row)
{
    const struct sheet *sheet = data;
    const struct blur *b = sheet->blur;
    const uint8_t *line = line_of(&sheet->plane, y);
    const uint8_t *alpha = sheet->alpha.data ? line_of(&sheet->alpha, y) : NULL;
    for (int x = 0; x < sheet->plane.width; x++)
        row[x] = (float)sample_at(line, b->bytes, x) *
                 (alpha ? (float)sample_at(alpha, b->bytes, x) / b->white : 1);
}

static void put(void *data, int top, int bottom)
{
    const struct sheet *sheet = data;
    const struct blur *b = sheet->blur;
    const int width = sheet->plane.width;
    g_autofree float *values = g_new(float, (gsize)width), *solid = g_new(float, (gsize)width);
    for (int y = top; y < bottom; y++) {
        uint8_t *line = line_of(&sheet->plane, y);
        soft_row(sheet->soft, y, values);
        if (sheet->alpha.data)
            soft_row(b->solid, y, solid);
        for (int x = 0; x < width; x++) {
            if (sheet->alpha.data && solid[x] < 0.5F)
                continue;
            const float value = sheet->alpha.data ? values[x] / solid[x] * b->white : values[x];
            put_sample(line, b->bytes, x, (unsigned)lrintf(CLAMP(value, 0, b->white)));
        }
    }
}

static void take(struct sheet *sheet)
{
    soft_take(sheet->soft, sheet->blur->slices, sheet->plane.height, fetch, sheet);
}

/* Alpha as it was weighs the colours, so it is put back last. */
static void blur_field(const struct blur *b, const AVFrame *frame, int field)
{
    struct sheet solid = {.blur = b, .soft = b->solid};
    if (b->alpha) {
        solid.plane = plane_field(frame_plane(frame, 3), field);
        take(&solid);
    }
    for (int i = 0; i < frame_colors(frame); i++) {
        struct sheet sheet = {.blur = b,
                              .plane = plane_field(frame_plane(frame, i), field),
                              .alpha = solid.plane,
                              .soft = b->soft[i > 0]};
        take(&sheet);
        slices_run(b->slices, sheet.plane.height, put, &sheet);
    }
    if (b->alpha)
        slices_run(b->slices, solid.plane.height, put, &solid);
}

static void prepare(struct blur *b, const AVFrame *frame)
{
    for (int i = 0; i < MIN(frame_colors(frame), 2); i++) {
        const struct plane plane = frame_plane(frame, i);
        b->soft[i] = soft_create(plane.width, plane.height, b->across[i], b->down[i]);
    }
    if (b->alpha)
        b->solid = soft_create(frame->width, frame->height, b->across[0], b->down[0]);
    b->slices = slices_create(b->threads);
}

static AVFrame *blur_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct blur *b = state;
    if (!frame_own(frame, failure)) {
        av_frame_free(&frame);
        return NULL;
    }
    if (!b->slices)
        prepare(b, frame);
    for (int field = b->fields ? 0 : -1; field < (b->fields ? 2 : 0); field++)
        blur_field(b, frame, field);
    return frame;
}

static void blur_free(void *state)
{
    struct blur *b = state;
    slices_destroy(b->slices);
    soft_destroy(b->soft[0]);
    soft_destroy(b->soft[1]);
    soft_destroy(b->solid);
    g_free(b);
}

/* Chroma at every pixel, so that alpha can weigh it. */
static bool full_chroma(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = &chain->video;
    if (!shape->alpha || !(shape->chroma_w || shape->chroma_h))
        return true;
    return chain_format(chain, failure,
                        shape->depth > 10  ? "yuva444p16le"
                        : shape->depth > 8 ? "yuva444p10le"
                                           : "yuva444p");
}

bool chain_blur(struct chain *chain, struct failure *failure, double sigma_px)
{
    static const struct picture_work work = {"blur", blur_run, blur_free};
    struct blur *b = g_new0(struct blur, 1);
    const char *came = chain_plain(chain, failure) ? chain->video.pix_fmt : NULL;
    if (!came || !full_chroma(chain, failure)) {
        blur_free(b);
        return false;
    }
    if (!chain_picture(chain, failure, &work, b))
        return false;
    const struct video_shape *shape = &chain->video;
    b->bytes = shape->depth > 8 ? 2 : 1;
    b->white = (float)((1 << shape->depth) - 1);
    b->alpha = shape->alpha;
    b->fields = shape->interlaced;
    b->threads = chain->threads;
    const double of_field = b->fields ? 2 : 1;
    for (int chroma = 0; chroma < 2; chroma++) {
        b->across[chroma] = sigma_px / (chroma ? 1 << shape->chroma_w : 1);
        b->down[chroma] = sigma_px / of_field / (chroma ? 1 << shape->chroma_h : 1);
    }
    return chain_format(chain, failure, came);
}
