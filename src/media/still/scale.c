/* SPDX-License-Identifier: GPL-3.0-or-later
 * The size of stills, by zimg, which scales moving picture, too: the same filters for both. zimg
 * mixes premultiplied, keeps 16 bits and float, and takes its rows from a picture in memory as
 * libvips has it, with all channels of a pixel together. */
#include "color/space.h"
#include "private.h"
#include "zimg.h"

#include <math.h>

enum { CODES = 65536 };

/* --- how numbers get from a picture's rows into zimg's and back --- */

/* Between a row of the picture and one of its channels: `step` numbers apart there, side by side
 * in `row`. `light`: of each code, or of so many steps of light the code; where it takes one. */
typedef void row_take(void *row, const void *pixels, int step, unsigned from, unsigned to,
                      const void *light);
typedef void row_give(const void *row, void *pixels, int step, unsigned from, unsigned to,
                      const void *light);

#define TAKE(name, code, number, value)                                                   \
    static void name(void *row, const void *pixels, int step, unsigned from, unsigned to, \
                     const void *light)                                                   \
    {                                                                                     \
        const code *in = pixels;                                                          \
        number *out = row;                                                                \
        for (unsigned x = from; x < to; x++)                                              \
            out[x] = value(in[x * (unsigned)step]);                                       \
    }
#define GIVE(name, number, code, value)                                                   \
    static void name(const void *row, void *pixels, int step, unsigned from, unsigned to, \
                     const void *light)                                                   \
    {                                                                                     \
        const number *in = row;                                                           \
        code *out = pixels;                                                               \
        for (unsigned x = from; x < to; x++)                                              \
            out[x * (unsigned)step] = (code)value(in[x]);                                 \
    }
#define AS_IT_IS(v) (v)
#define LIGHT_OF(v) (((const float *)light)[v])
#define PART_OF_255(v) ((float)(v) / 255)
#define PART_OF_65535(v) ((float)(v) / 65535)
#define UNIT(v) fminf(fmaxf(v, 0), 1)
#define CODE_OF_LIGHT(v) (((const guint8 *)light)[(unsigned)(UNIT(v) * (CODES - 1) + 0.5f)])
#define LONG_CODE_OF_LIGHT(v) lrint(space_encode(light, (double)UNIT(v)) * 65535)
#define CODE(v) lrintf(UNIT(v) * 255)
#define LONG_CODE(v) lrintf(UNIT(v) * 65535)

TAKE(take_bytes, guint8, guint8, AS_IT_IS)
TAKE(take_shorts, guint16, guint16, AS_IT_IS)
TAKE(take_floats, float, float, AS_IT_IS)
TAKE(light_of_bytes, guint8, float, LIGHT_OF)
TAKE(light_of_shorts, guint16, float, LIGHT_OF)
TAKE(part_of_bytes, guint8, float, PART_OF_255)
TAKE(part_of_shorts, guint16, float, PART_OF_65535)
GIVE(give_bytes, guint8, guint8, AS_IT_IS)
GIVE(give_shorts, guint16, guint16, AS_IT_IS)
GIVE(give_floats, float, float, AS_IT_IS)
GIVE(bytes_of_light, float, guint8, CODE_OF_LIGHT)
GIVE(shorts_of_light, float, guint16, LONG_CODE_OF_LIGHT)
GIVE(bytes_of_part, float, guint8, CODE)
GIVE(shorts_of_part, float, guint16, LONG_CODE)

/* What a depth is mixed as: in its own numbers, or as light. Alpha is never light. */
static const struct way {
    VipsBandFormat format;
    bool linear;
    zimg_pixel_type_e type;
    unsigned depth, bytes;
    row_take *take, *take_alpha;
    row_give *give, *give_alpha;
} ways[] = {
    {VIPS_FORMAT_UCHAR, false, ZIMG_PIXEL_BYTE, 8, 1, take_bytes, take_bytes, give_bytes,
     give_bytes},
    {VIPS_FORMAT_USHORT, false, ZIMG_PIXEL_WORD, 16, 2, take_shorts, take_shorts, give_shorts,
     give_shorts},
    {VIPS_FORMAT_FLOAT, false, ZIMG_PIXEL_FLOAT, 32, 4, take_floats, take_floats, give_floats,
     give_floats},
    {VIPS_FORMAT_UCHAR, true, ZIMG_PIXEL_FLOAT, 32, 4, light_of_bytes, part_of_bytes,
     bytes_of_light, bytes_of_part},
    {VIPS_FORMAT_USHORT, true, ZIMG_PIXEL_FLOAT, 32, 4, light_of_shorts, part_of_shorts,
     shorts_of_light, shorts_of_part},
};

static const struct way *way_find(VipsBandFormat format, bool linear)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
        if (ways[i].format == format && ways[i].linear == (linear && format != VIPS_FORMAT_FLOAT))
            return &ways[i];
    return NULL;
}

/* --- one picture, which zimg works through in columns of whole tiles --- */

struct scaling {
    const struct way *way;
    VipsImage *in, *out; /* in memory */
    void *from_light, *to_light;
    zimg_filter_graph *graph;
    zimg_image_buffer rows_in, rows_out;
    void *memory;
};

/* zimg's alpha is its plane 3. */
static int plane_of(const VipsImage *image, int band)
{
    return band == image->Bands - 1 && image->Bands % 2 == 0 ? 3 : band;
}

static int take_row(void *self, unsigned y, unsigned left, unsigned right)
{
    struct scaling *s = self;
    const char *pixels = (const char *)VIPS_IMAGE_ADDR(s->in, 0, (int)y);
    for (int b = 0; b < s->in->Bands; b++) {
        int plane = plane_of(s->in, b);
        row_take *take = plane == 3 ? s->way->take_alpha : s->way->take;
        take(rows_at(&s->rows_in, plane, y), pixels + (gsize)b * VIPS_IMAGE_SIZEOF_ELEMENT(s->in),
             s->in->Bands, left, MIN(right, (unsigned)s->in->Xsize), s->from_light);
    }
    return 0;
}

static int give_row(void *self, unsigned y, unsigned left, unsigned right)
{
    struct scaling *s = self;
    char *pixels = (char *)VIPS_IMAGE_ADDR(s->out, 0, (int)y);
    for (int b = 0; b < s->out->Bands; b++) {
        int plane = plane_of(s->out, b);
        row_give *give = plane == 3 ? s->way->give_alpha : s->way->give;
        give(rows_at(&s->rows_out, plane, y), pixels + (gsize)b * VIPS_IMAGE_SIZEOF_ELEMENT(s->out),
             s->out->Bands, left, MIN(right, (unsigned)s->out->Xsize), s->to_light);
    }
    return 0;
}

static void describe(zimg_image_format *format, const struct way *way, const VipsImage *image)
{
    zimg_image_format_default(format, ZIMG_API_VERSION);
    format->width = (unsigned)image->Xsize;
    format->height = (unsigned)image->Ysize;
    format->pixel_type = way->type;
    format->depth = way->depth;
    format->pixel_range = ZIMG_RANGE_FULL;
    format->color_family = image->Bands < 3 ? ZIMG_COLOR_GREY : ZIMG_COLOR_RGB;
    format->matrix_coefficients = image->Bands < 3 ? ZIMG_MATRIX_UNSPECIFIED : ZIMG_MATRIX_RGB;
    format->alpha = image->Bands % 2 ? ZIMG_ALPHA_NONE : ZIMG_ALPHA_STRAIGHT;
}

struct size {
    struct still_part part;
    zimg_resample_filter_e filter;
    bool linear;
};

/* The filter reaches beyond the region, as far as there is picture. */
static void set_region(zimg_image_format *in, const struct still_part *part)
{
    const double across = (double)in->width / part->width, down = (double)in->height / part->height;
    in->active_region.left = part->x * across;
    in->active_region.top = part->y * down;
    in->active_region.width = part->keep_width * across;
    in->active_region.height = part->keep_height * down;
}

static bool build(struct scaling *s, const struct size *size)
{
    zimg_image_format in, out;
    zimg_graph_builder_params params;
    describe(&in, s->way, s->in);
    describe(&out, s->way, s->out);
    set_region(&in, &size->part);
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = params.resample_filter_uv = size->filter;
    params.cpu_type = ZIMG_CPU_AUTO_64B;
    s->graph = zimg_filter_graph_build(&in, &out, &params);
    return s->graph != NULL;
}

static void make_rows(zimg_image_buffer *rows, const struct scaling *s, const VipsImage *image,
                      unsigned count)
{
    for (int b = 0; b < image->Bands; b++)
        rows_make(rows, plane_of(image, b), (gsize)image->Xsize * s->way->bytes,
                  (gsize)image->Ysize, count);
}

static bool run(struct scaling *s)
{
    unsigned rows_in, rows_out;
    size_t own;
    if (zimg_filter_graph_get_input_buffering(s->graph, &rows_in) ||
        zimg_filter_graph_get_output_buffering(s->graph, &rows_out) ||
        zimg_filter_graph_get_tmp_size(s->graph, &own))
        return false;
    make_rows(&s->rows_in, s, s->in, rows_in);
    make_rows(&s->rows_out, s, s->out, rows_out);
    s->memory = rows_memory(own);
    const zimg_image_buffer_const from = rows_read_only(&s->rows_in);
    return zimg_filter_graph_process(s->graph, &from, &s->rows_out, s->memory, take_row, s,
                                     give_row, s) == ZIMG_ERROR_SUCCESS;
}

/* sRGB's curve for all: those of other profiles are near it. */
static void make_light(struct scaling *s)
{
    const struct space *srgb = space_find("srgb");
    const bool bytes = s->way->format == VIPS_FORMAT_UCHAR;
    const int last = bytes ? 255 : CODES - 1;
    float *light = g_new(float, last + 1);
    for (int i = 0; i <= last; i++)
        light[i] = (float)space_decode(srgb, (double)i / last);
    s->from_light = light;
    if (!bytes) {
        s->to_light = (void *)srgb;
        return;
    }
    guint8 *codes = s->to_light = g_malloc(CODES);
    for (int i = 0; i < CODES; i++)
        codes[i] = (guint8)lrint(space_encode(srgb, (double)i / (CODES - 1)) * 255);
}

static void scaling_clear(struct scaling *s)
{
    zimg_filter_graph_free(s->graph);
    rows_free(&s->rows_in);
    rows_free(&s->rows_out);
    g_aligned_free(s->memory);
    g_free(s->from_light);
    if (s->way->format == VIPS_FORMAT_UCHAR)
        g_free(s->to_light);
    g_object_unref(s->in);
}

static bool prepare(struct scaling *s, const struct size *size)
{
    if (s->way->linear)
        make_light(s);
    if (vips_image_pipelinev(s->out, VIPS_DEMAND_STYLE_THINSTRIP, s->in, NULL))
        return false;
    s->out->Xsize = size->part.keep_width;
    s->out->Ysize = size->part.keep_height;
    return vips_image_write_prepare(s->out) == 0;
}

static int scale(VipsImage *in, VipsImage **out, const void *args)
{
    const struct size *size = args;
    g_autoptr(VipsImage) made = vips_image_new_memory();
    struct scaling s = {
        .way = way_find(in->BandFmt, size->linear), .in = vips_image_copy_memory(in), .out = made};
    if (!s.in)
        return -1;
    bool done = prepare(&s, size) && build(&s, size) && run(&s);
    if (!done)
        zimg_words();
    scaling_clear(&s);
    *out = done ? g_steal_pointer(&made) : NULL;
    return done ? 0 : -1;
}

static bool may_be_made(const struct still *still, const struct still_part *part,
                        struct failure *failure)
{
    struct failure why = {FAIL_NONE, NULL};
    if (part->keep_width < 1 || part->keep_height < 1)
        return fail(failure, FAIL_CONFIG, "a picture of %d x %d can't be made", part->keep_width,
                    part->keep_height);
    if (still_fits(still_limit_here(), part->keep_width, part->keep_height, still_frames(still),
                   VIPS_IMAGE_SIZEOF_PEL(still_first(still)), &why))
        return true;
    fail(failure, why.class, "a picture so large isn't made: %s", why.message);
    failure_clear(&why);
    return false;
}

bool still_resize_part(struct still *still, struct failure *failure, const struct still_part *part,
                       const char *kernel, bool linear)
{
    const struct size size = {*part, zimg_filter(kernel), linear};
    still->full_width = still->full_height = 0;
    return may_be_made(still, part, failure) &&
           still_each(still, failure, "the picture can't be resized", scale, &size);
}

bool still_resize(struct still *still, struct failure *failure, int width, int height,
                  const char *kernel, bool linear)
{
    const struct still_part whole = {width, height, 0, 0, width, height};
    const VipsImage *image = still_first(still);
    if (image->Xsize != width || image->Ysize != height)
        return still_resize_part(still, failure, &whole, kernel, linear);
    still->full_width = still->full_height = 0;
    return true;
}
