/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture before itself, enlarged and blurred. The blur is made on a grid of cells that are small
 * against it, and drawn by interpolating between their middles. */
#include "media/chain_picture.h"

#include "../signal/gaussian.h"
#include "picture.h"

#include <math.h>

enum { CELLS_A_SIGMA = 3 /* a linear interpolation of so fine a Gaussian isn't seen */ };

struct backdrop {
    struct canvas_place place;
    double sigma_px;
    int across, down; /* cells */
    double cell_px;
    struct gaussian gaussian;
    float *cells, *pass;
    int bytes, threads;
    struct slices *slices;
};

/* One plane. */
struct drawing {
    const struct backdrop *backdrop;
    struct plane to;
    double step_x, step_y; /* of the canvas's pixels in a sample */
};

/* The inner picture covers the canvas, so many times as large. */
static double cover(const struct canvas_place *place, const AVFrame *inner)
{
    return fmax((double)place->width / inner->width, (double)place->height / inner->height);
}

/* Samples of the inner plane in a cell: [*from, *to), at least one, inside the plane. */
static void span(double from_px, double to_px, double whole_px, double scale, double inner_px,
                 int samples, int *from, int *to)
{
    const double per = samples / inner_px;
    const double first = ((from_px - whole_px / 2) / scale + inner_px / 2) * per,
                 last = ((to_px - whole_px / 2) / scale + inner_px / 2) * per;
    *from = CLAMP((int)floor(first), 0, samples - 1);
    *to = CLAMP((int)ceil(last), *from + 1, samples);
}

static float mean(const struct plane *plane, int bytes, int x0, int x1, int y0, int y1)
{
    guint64 sum = 0;
    for (int y = y0; y < y1; y++) {
        const uint8_t *line = plane->data + (ptrdiff_t)y * plane->stride;
        for (int x = x0; x < x1; x++)
            sum += sample_at(line, bytes, x);
    }
    return (float)((double)sum / ((double)(x1 - x0) * (y1 - y0)));
}

static void gather(const struct backdrop *b, const AVFrame *inner, struct plane plane)
{
    const double scale = cover(&b->place, inner);
    for (int j = 0; j < b->down; j++) {
        int y0, y1;
        span(j * b->cell_px, (j + 1) * b->cell_px, b->place.height, scale, inner->height,
             plane.height, &y0, &y1);
        for (int i = 0; i < b->across; i++) {
            int x0, x1;
            span(i * b->cell_px, (i + 1) * b->cell_px, b->place.width, scale, inner->width,
                 plane.width, &x0, &x1);
            b->cells[(ptrdiff_t)j * b->across + i] = mean(&plane, b->bytes, x0, x1, y0, y1);
        }
    }
}

static void blur(const struct backdrop *b)
{
    for (int j = 0; j < b->down; j++)
        gaussian_row(&b->gaussian, b->cells + (ptrdiff_t)j * b->across,
                     b->pass + (ptrdiff_t)j * b->across, b->across);
    for (int j = 0; j < b->down; j++)
        gaussian_column(&b->gaussian, b->pass, b->cells + (ptrdiff_t)j * b->across, b->across,
                        b->down, j);
}

/* The cell before a place, and how far it is to the next one. */
static int cell_before(double at_px, double cell_px, int count, float *share)
{
    const double at = CLAMP(at_px / cell_px - 0.5, 0, count - 1);
    const int cell = MIN((int)at, MAX(count - 2, 0));
    *share = (float)(at - cell);
    return cell;
}

/* Ordered dither, 8 by 8: 1/128 to 127/128. */
static float threshold(int x, int y)
{
    int value = 0;
    for (int bit = 0; bit < 3; bit++) {
        const int i = x >> bit & 1, j = y >> bit & 1;
        value |= ((i ^ j) << 1 | j) << (2 * (2 - bit));
    }
    return ((float)value + 0.5F) / 64;
}

static void draw_rows(void *data, int top, int bottom)
{
    const struct drawing *d = data;
    const struct backdrop *b = d->backdrop;
    for (int y = top; y < bottom; y++) {
        float down;
        const int j = cell_before((y + 0.5) * d->step_y, b->cell_px, b->down, &down);
        const float *above = b->cells + (ptrdiff_t)j * b->across,
                    *below = b->cells + (ptrdiff_t)MIN(j + 1, b->down - 1) * b->across;
        uint8_t *line = d->to.data + (ptrdiff_t)y * d->to.stride;
        for (int x = 0; x < d->to.width; x++) {
            float right;
            const int i = cell_before((x + 0.5) * d->step_x, b->cell_px, b->across, &right),
                      next = MIN(i + 1, b->across - 1);
            const float upper = above[i] + (above[next] - above[i]) * right,
                        lower = below[i] + (below[next] - below[i]) * right;
            put_sample(line, b->bytes, x,
                       (unsigned)(upper + (lower - upper) * down + threshold(x, y)));
        }
    }
}

static void put_inner(const struct backdrop *b, struct plane from, struct plane to, double step_x,
                      double step_y)
{
    const int x = (int)(b->place.x / step_x), y = (int)(b->place.y / step_y);
    for (int line = 0; line < from.height; line++)
        memcpy(to.data + (ptrdiff_t)(y + line) * to.stride + (ptrdiff_t)x * b->bytes,
               from.data + (ptrdiff_t)line * from.stride, (size_t)from.width * (size_t)b->bytes);
}

static void draw_plane(struct backdrop *b, const AVFrame *inner, const AVFrame *canvas, int index)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(inner->format);
    const bool chroma = (index == 1 || index == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
    struct drawing d = {.backdrop = b,
                        .to = frame_plane(canvas, index),
                        .step_x = chroma ? 1 << row->log2_chroma_w : 1,
                        .step_y = chroma ? 1 << row->log2_chroma_h : 1};
    const struct plane from = frame_plane(inner, index);
    gather(b, inner, from);
    blur(b);
    slices_run(b->slices, d.to.height, draw_rows, &d);
    put_inner(b, from, d.to, d.step_x, d.step_y);
}

static AVFrame *backdrop_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct backdrop *b = state;
    AVFrame *canvas = frame_like(frame, b->place.width, b->place.height, failure);
    if (!b->slices)
        b->slices = slices_create(b->threads);
    for (int i = 0; canvas && i < av_pix_fmt_count_planes(frame->format); i++)
        draw_plane(b, frame, canvas, i);
    av_frame_free(&frame);
    return canvas;
}

static void backdrop_free(void *state)
{
    struct backdrop *b = state;
    slices_destroy(b->slices);
    gaussian_finish(&b->gaussian);
    g_free(b->cells);
    g_free(b->pass);
    g_free(b);
}

static void set_blur(struct backdrop *b)
{
    b->cell_px = fmax(b->sigma_px / CELLS_A_SIGMA, 1);
    b->across = MAX((int)ceil(b->place.width / b->cell_px), 1);
    b->down = MAX((int)ceil(b->place.height / b->cell_px), 1);
    b->gaussian = gaussian_create(b->sigma_px / b->cell_px);
    b->cells = g_new(float, (gsize)b->across *(gsize)b->down);
    b->pass = g_new(float, (gsize)b->across *(gsize)b->down);
}

bool chain_backdrop(struct chain *chain, struct failure *failure, const struct canvas_place *place,
                    double blur)
{
    static const struct picture_work work = {"backdrop", backdrop_run, backdrop_free};
    struct backdrop *b = g_new0(struct backdrop, 1);
    b->place = *place;
    b->sigma_px = fmax(blur * MIN(place->width, place->height), 0.5);
    b->threads = chain->threads;
    set_blur(b);
    if (!chain_picture(chain, failure, &work, b))
        return false;
    b->bytes = chain->video.depth > 8 ? 2 : 1;
    chain->video.width = place->width;
    chain->video.height = place->height;
    return true;
}
