/* SPDX-License-Identifier: GPL-3.0-or-later
 * Strips: a window of rows that came, scaled down to `tall` and from there across to the picture.
 */
#include "still_strips.h"

#include "still_private.h"
#include "still_zimg.h"

#include <math.h>
#include <string.h>

enum { ROWS_A_STRIP = 64, STRIP_MIN = 8, REACH = 3, ROUNDED = 2 };

struct strips {
    VipsImage *out;
    int width, height, bands;
    double ratio; /* rows that become one */
    zimg_resample_filter_e filter;
    int strip;          /* rows of the new picture */
    int first, came;    /* rows of the old one in the window */
    int made, now_made; /* rows of the new one before this strip, and in it */
    zimg_image_buffer window, tall, across_in, across_out;
    zimg_filter_graph *across;
    void *across_memory;
};

/* Codes are but numbers here; of this range 8 bits become 16 by a shift, and back. */
static void describe(zimg_image_format *format, int width, int height, bool deep)
{
    zimg_image_format_default(format, ZIMG_API_VERSION);
    format->width = (unsigned)width;
    format->height = (unsigned)height;
    format->pixel_type = deep ? ZIMG_PIXEL_WORD : ZIMG_PIXEL_BYTE;
    format->depth = deep ? 16 : 8;
    format->pixel_range = ZIMG_RANGE_LIMITED;
    format->color_family = ZIMG_COLOR_GREY;
}

static zimg_filter_graph *graph(const struct strips *s, const zimg_image_format *in,
                                const zimg_image_format *out)
{
    zimg_graph_builder_params params;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = params.resample_filter_uv = s->filter;
    params.cpu_type = ZIMG_CPU_AUTO_64B;
    return zimg_filter_graph_build(in, out, &params);
}

static void *memory_for(const zimg_filter_graph *graph)
{
    size_t bytes;
    return zimg_filter_graph_get_tmp_size(graph, &bytes) ? NULL : rows_memory(bytes);
}

static void as_colors(zimg_image_format *format, int bands)
{
    if (bands < 3)
        return;
    format->color_family = ZIMG_COLOR_RGB;
    format->matrix_coefficients = ZIMG_MATRIX_RGB;
}

static bool build_across(struct strips *s)
{
    zimg_image_format in, out;
    unsigned rows_in, rows_out;
    describe(&in, s->width, s->strip, true);
    describe(&out, s->out->Xsize, s->strip, false);
    as_colors(&in, s->bands);
    as_colors(&out, s->bands);
    s->across = graph(s, &in, &out);
    if (!s->across || zimg_filter_graph_get_input_buffering(s->across, &rows_in) ||
        zimg_filter_graph_get_output_buffering(s->across, &rows_out))
        return false;
    for (int b = 0; b < s->bands; b++) {
        rows_make(&s->across_in, b, (gsize)s->width * 2, (gsize)s->strip, rows_in);
        rows_make(&s->across_out, b, (gsize)s->out->Xsize, (gsize)s->strip, rows_out);
    }
    s->across_memory = memory_for(s->across);
    return s->across_memory;
}

/* How far rows reach that have a part in one. */
static int reach(const struct strips *s)
{
    return (int)ceil(REACH * fmax(s->ratio, 1)) + ROUNDED;
}

static VipsImage *picture(VipsImage *like, const struct still_scaling *to)
{
    g_autoptr(VipsImage) image = vips_image_new_memory();
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, like, NULL))
        return NULL;
    image->Xsize = to->width;
    image->Ysize = to->height;
    return vips_image_write_prepare(image) ? NULL : g_steal_pointer(&image);
}

struct strips *strips_create(VipsImage *like, int width, int height, const struct still_scaling *to)
{
    struct strips *s = g_new0(struct strips, 1);
    s->width = width;
    s->height = height;
    s->bands = like->Bands;
    s->ratio = (double)height / to->height;
    s->filter = zimg_filter(to->kernel);
    s->strip = MIN(MAX((int)(ROWS_A_STRIP / s->ratio), STRIP_MIN), to->height);
    s->out = picture(like, to);
    if (s->out && build_across(s)) {
        const gsize numbers = (gsize)width * (gsize)s->bands;
        const gsize rows = (gsize)ceil(s->strip * s->ratio) + 2 * (gsize)reach(s) + ROUNDED;
        rows_make(&s->window, 0, numbers, rows, ZIMG_BUFFER_MAX);
        rows_make(&s->tall, 0, 2 * numbers, (gsize)s->strip, ZIMG_BUFFER_MAX);
        return s;
    }
    zimg_words();
    strips_free(s);
    return NULL;
}

void strips_free(struct strips *s)
{
    if (!s)
        return;
    g_clear_object(&s->out);
    zimg_filter_graph_free(s->across);
    rows_free(&s->window);
    rows_free(&s->tall);
    rows_free(&s->across_in);
    rows_free(&s->across_out);
    g_aligned_free(s->across_memory);
    g_free(s);
}

/* --- one strip --- */

static int take_row(void *self, unsigned y, unsigned left, unsigned right)
{
    struct strips *s = self;
    const guint16 *in = rows_at(&s->tall, 0, y);
    const unsigned step = (unsigned)s->bands;
    for (unsigned b = 0; b < step; b++) {
        guint16 *out = rows_at(&s->across_in, (int)b, y);
        for (unsigned x = left; x < right; x++)
            out[x] = in[x * step + b];
    }
    return 0;
}

static int give_row(void *self, unsigned y, unsigned left, unsigned right)
{
    struct strips *s = self;
    const unsigned step = (unsigned)s->bands;
    if (y >= (unsigned)s->now_made)
        return 0;
    guint8 *out = VIPS_IMAGE_ADDR(s->out, 0, s->made + (int)y);
    for (unsigned b = 0; b < step; b++) {
        const guint8 *in = rows_at(&s->across_out, (int)b, y);
        for (unsigned x = left; x < right; x++)
            out[x * step + b] = in[x];
    }
    return 0;
}

static void *window_row(const struct strips *s, int row)
{
    return rows_at(&s->window, 0, (unsigned)(row - s->first));
}

/* Rows [from, end) become those of `tall`. */
static bool scale_down(struct strips *s, int from, int end)
{
    zimg_image_format in, out;
    describe(&in, s->width * s->bands, end - from, false);
    describe(&out, s->width * s->bands, s->now_made, true);
    in.active_region.left = 0;
    in.active_region.width = in.width;
    in.active_region.top = s->made * s->ratio - from;
    in.active_region.height = s->now_made * s->ratio;
    zimg_filter_graph *down = graph(s, &in, &out);
    void *memory = down ? memory_for(down) : NULL;
    zimg_image_buffer_const rows = rows_read_only(&s->window);
    rows.plane[0].data = window_row(s, from);
    bool done =
        memory && !zimg_filter_graph_process(down, &rows, &s->tall, memory, NULL, NULL, NULL, NULL);
    g_aligned_free(memory);
    zimg_filter_graph_free(down);
    return done;
}

static bool scale_across(struct strips *s)
{
    const zimg_image_buffer_const in = rows_read_only(&s->across_in);
    return !zimg_filter_graph_process(s->across, &in, &s->across_out, s->across_memory, take_row, s,
                                      give_row, s);
}

/* Rows before `from` have no part in what is still to be made. */
static void forget(struct strips *s, int from)
{
    int gone = CLAMP(from - s->first, 0, s->came);
    const void *kept = window_row(s, s->first + gone);
    s->came -= gone;
    memmove(window_row(s, s->first), kept, (gsize)s->came * (gsize)s->window.plane[0].stride);
    s->first += gone;
}

static int reached_before(const struct strips *s, int row)
{
    return MAX((int)floor(row * s->ratio) - reach(s), 0);
}

static int reached_after(const struct strips *s, int row)
{
    return MIN((int)ceil(row * s->ratio) + reach(s), s->height);
}

bool strips_push(struct strips *s, const guint8 *row)
{
    memcpy(window_row(s, s->first + s->came), row, (gsize)s->width * (gsize)s->bands);
    s->came++;
    while (s->made < s->out->Ysize) {
        s->now_made = MIN(s->strip, s->out->Ysize - s->made);
        int end = reached_after(s, s->made + s->now_made);
        if (s->first + s->came < end)
            return true;
        if (!scale_down(s, reached_before(s, s->made), end) || !scale_across(s)) {
            zimg_words();
            return false;
        }
        s->made += s->now_made;
        forget(s, reached_before(s, s->made));
    }
    s->first += s->came;
    s->came = 0;
    return true;
}

VipsImage *strips_take(struct strips *s)
{
    return g_object_ref(s->out);
}
