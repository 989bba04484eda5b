/* SPDX-License-Identifier: GPL-3.0-or-later
 * Strips: of each plane a window of rows that came, scaled down to `tall` and from there across.
 * Planes of one shape lie side by side in a lane, and are scaled down as one. */
#include "strips.h"

#include "../signal/ycc.h"
#include "private.h"
#include "zimg.h"

#include <math.h>
#include <string.h>

enum { ROWS_A_STRIP = 64, STRIP_MIN = 8, REACH = 3, ROUNDED = 2, PITCH = 64 };

/* Codes in 16 bits: 2^bits parts each, from `zero` on. Of grey, red, green and blue they are cut
 * off at black and white in between, as those of a whole picture are. Beside an edge luma goes
 * beyond them and chroma beyond its own: there is room for -128 to 383, and what is cut off is the
 * colour that they make. */
struct scale {
    int bits, zero;
};
static const struct scale plain = {8, 0}, roomy = {7, 128 << 7};

struct lane {
    struct plane_shape shape;
    unsigned planes;
    int pitch;             /* samples from one plane to the next */
    double ratio;          /* rows that become one */
    int first, came, room; /* rows in the window */
    zimg_image_buffer window, tall, made;
    zimg_filter_graph *down, *across;
    void *down_memory, *across_memory;
    int down_from_rows, down_to_rows; /* what `down` is for */
    double down_top;
};

struct strips {
    VipsImage *out;
    zimg_resample_filter_e filter;
    bool ycc;
    unsigned count;
    struct lane lanes[PLANES_MOST]; /* of planes 0 to count - 1, in order */
    struct place {
        struct lane *lane;
        unsigned plane; /* of it */
    } places[PLANES_MOST];
    int strip;          /* rows of the new picture */
    int made, now_made; /* rows before this strip, and in it */
};

static void describe(zimg_image_format *format, int width, int height)
{
    zimg_image_format_default(format, ZIMG_API_VERSION);
    format->width = (unsigned)width;
    format->height = (unsigned)height;
    format->pixel_type = ZIMG_PIXEL_WORD;
    format->depth = 16;
    format->pixel_range = ZIMG_RANGE_LIMITED;
    format->color_family = ZIMG_COLOR_GREY;
    format->active_region.left = format->active_region.top = 0;
    format->active_region.width = width;
    format->active_region.height = height;
}

/* With the memory it works in. */
static bool build(zimg_filter_graph **graph, void **memory, const struct strips *s,
                  const zimg_image_format *in, const zimg_image_format *out)
{
    zimg_graph_builder_params params;
    size_t bytes;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = s->filter;
    params.cpu_type = ZIMG_CPU_AUTO_64B;
    *graph = zimg_filter_graph_build(in, out, &params);
    if (!*graph || zimg_filter_graph_get_tmp_size(*graph, &bytes))
        return false;
    *memory = rows_memory(bytes);
    return true;
}

static bool build_across(const struct strips *s, struct lane *lane)
{
    zimg_image_format in, out;
    describe(&in, lane->shape.width, s->strip);
    describe(&out, s->out->Xsize, s->strip);
    in.active_region.width = lane->shape.across;
    return build(&lane->across, &lane->across_memory, s, &in, &out);
}

/* How far rows reach that have a part in one. */
static int reach(const struct lane *lane)
{
    return (int)ceil(REACH * fmax(lane->ratio, 1)) + ROUNDED;
}

/* Rows wait in a lane's window until a strip's are there in all lanes. */
static int room(const struct strips *s, const struct lane *lane)
{
    double ahead = 0;
    for (unsigned i = 0; i < s->count; i++) {
        const struct lane *other = s->places[i].lane;
        ahead = fmax(ahead, (reach(other) + ROUNDED) * lane->shape.down / other->shape.down);
    }
    const double rows = ceil(s->strip * lane->ratio + ahead) + reach(lane) + lane->shape.rows;
    return (int)MIN(rows + ROUNDED, lane->shape.height);
}

static bool same_shape(const struct plane_shape *a, const struct plane_shape *b)
{
    return a->width == b->width && a->height == b->height && a->across == b->across &&
           a->down == b->down;
}

/* Planes of the same shape follow each other: chroma's are the second and the third. */
static void share_out(struct strips *s, const struct plane_shape *shapes, int height)
{
    struct lane *lane = s->lanes;
    for (unsigned i = 0; i < s->count; i++) {
        if (i > 0 && !same_shape(&lane->shape, &shapes[i]))
            lane++;
        lane->shape = shapes[i];
        lane->ratio = shapes[i].down / height;
        lane->pitch = (shapes[i].width + PITCH - 1) / PITCH * PITCH;
        s->places[i] = (struct place){lane, lane->planes++};
    }
}

/* Where a strip is of whole rows of the old picture, each is made as the one before. */
static int strip_rows(double ratio, int height)
{
    const int least = MAX((int)(ROWS_A_STRIP / ratio), STRIP_MIN);
    int rows = least;
    while (rows < 2 * least && fmod(rows * ratio, 1) != 0)
        rows++;
    return MIN(rows < 2 * least ? rows : least, height);
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

static bool furnish(struct strips *s)
{
    for (struct lane *lane = s->lanes; lane <= s->places[s->count - 1].lane; lane++) {
        const gsize numbers = (gsize)lane->pitch * lane->planes;
        if (!build_across(s, lane))
            return false;
        lane->room = room(s, lane);
        rows_make(&lane->window, 0, 2 * numbers, (gsize)lane->room, ZIMG_BUFFER_MAX);
        rows_make(&lane->tall, 0, 2 * numbers, (gsize)s->strip, ZIMG_BUFFER_MAX);
        for (unsigned i = 0; i < lane->planes; i++)
            rows_make(&lane->made, (int)i, 2 * (gsize)s->out->Xsize, (gsize)s->strip,
                      ZIMG_BUFFER_MAX);
    }
    return true;
}

struct strips *strips_create(VipsImage *like, const struct jpeg_planes *planes,
                             const struct still_scaling *to)
{
    struct strips *s = g_new0(struct strips, 1);
    s->filter = zimg_filter(to->kernel);
    s->ycc = planes->ycc;
    s->count = planes->count;
    share_out(s, planes->shape, to->height);
    s->strip = strip_rows(s->lanes[0].ratio, to->height);
    s->out = picture(like, to);
    if (s->out && furnish(s))
        return s;
    zimg_words();
    strips_free(s);
    return NULL;
}

static void free_down(struct lane *lane)
{
    g_clear_pointer(&lane->down, zimg_filter_graph_free);
    g_clear_pointer(&lane->down_memory, g_aligned_free);
}

void strips_free(struct strips *s)
{
    if (!s)
        return;
    g_clear_object(&s->out);
    for (unsigned i = 0; i < G_N_ELEMENTS(s->lanes); i++) {
        struct lane *lane = &s->lanes[i];
        free_down(lane);
        zimg_filter_graph_free(lane->across);
        g_aligned_free(lane->across_memory);
        rows_free(&lane->window);
        rows_free(&lane->tall);
        rows_free(&lane->made);
    }
    g_free(s);
}

/* --- one strip --- */

static void *window_row(const struct lane *lane, int row)
{
    return rows_at(&lane->window, 0, (unsigned)(row - lane->first));
}

static int reached_before(const struct lane *lane, int row)
{
    return MAX((int)floor(row * lane->ratio) - reach(lane), 0);
}

static int reached_after(const struct lane *lane, int row)
{
    return MIN((int)ceil(row * lane->ratio) + reach(lane), lane->shape.height);
}

/* What zimg builds for one strip serves all that lie alike. */
static bool build_down(const struct strips *s, struct lane *lane, int from_rows, double top)
{
    static const double nearly = 1e-9;
    zimg_image_format in, out;
    if (lane->down && lane->down_from_rows == from_rows && lane->down_to_rows == s->now_made &&
        fabs(lane->down_top - top) < nearly)
        return true;
    free_down(lane);
    describe(&in, lane->pitch * (int)lane->planes, from_rows);
    describe(&out, lane->pitch * (int)lane->planes, s->now_made);
    in.active_region.top = lane->down_top = top;
    in.active_region.height = s->now_made * lane->ratio;
    lane->down_from_rows = from_rows;
    lane->down_to_rows = s->now_made;
    return build(&lane->down, &lane->down_memory, s, &in, &out);
}

static bool scale_down(const struct strips *s, struct lane *lane)
{
    const int from = reached_before(lane, s->made);
    const int end = reached_after(lane, s->made + s->now_made);
    zimg_image_buffer_const rows = rows_read_only(&lane->window);
    rows.plane[0].data = window_row(lane, from);
    return build_down(s, lane, end - from, s->made * lane->ratio - from) &&
           !zimg_filter_graph_process(lane->down, &rows, &lane->tall, lane->down_memory, NULL, NULL,
                                      NULL, NULL);
}

static bool scale_across(struct lane *lane, unsigned plane)
{
    zimg_image_buffer_const in = rows_read_only(&lane->tall);
    zimg_image_buffer out = {.version = lane->made.version};
    in.plane[0].data = (const guint16 *)in.plane[0].data + (gsize)plane * (gsize)lane->pitch;
    out.plane[0].data = lane->made.plane[plane].data;
    out.plane[0].stride = lane->made.plane[plane].stride;
    out.plane[0].mask = lane->made.plane[plane].mask;
    return !zimg_filter_graph_process(lane->across, &in, &out, lane->across_memory, NULL, NULL,
                                      NULL, NULL);
}

static void join_ycc(guint8 *out, const guint16 *luma, const guint16 *cb, const guint16 *cr,
                     int width)
{
    const int middle = roomy.zero + (128 << roomy.bits);
    for (int x = 0; x < width; x++, out += 3)
        ycc_to_rgb(luma[x] - roomy.zero, cb[x] - middle, cr[x] - middle, roomy.bits, out, out + 1,
                   out + 2);
}

static guint8 plain_code(int v)
{
    return (guint8)MIN((v + (1 << (plain.bits - 1))) >> plain.bits, 255);
}

static void join(const struct strips *s, int row)
{
    const guint16 *in[PLANES_MOST];
    guint8 *out = VIPS_IMAGE_ADDR(s->out, 0, s->made + row);
    for (unsigned i = 0; i < s->count; i++)
        in[i] = rows_at(&s->places[i].lane->made, (int)s->places[i].plane, (unsigned)row);
    if (s->ycc) {
        join_ycc(out, in[0], in[1], in[2], s->out->Xsize);
        return;
    }
    for (unsigned i = 0; i < s->count; i++)
        for (int x = 0; x < s->out->Xsize; x++)
            out[(unsigned)x * s->count + i] = plain_code(in[i][x]);
}

/* Rows before `from` have no part in what is still to be made. */
static void forget(struct lane *lane, int from)
{
    int gone = CLAMP(from - lane->first, 0, lane->came);
    const void *kept = window_row(lane, lane->first + gone);
    lane->came -= gone;
    memmove(window_row(lane, lane->first), kept,
            (gsize)lane->came * (gsize)lane->window.plane[0].stride);
    lane->first += gone;
}

static bool is_there(const struct strips *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct lane *lane = s->places[i].lane;
        if (lane->first + lane->came < reached_after(lane, s->made + s->now_made))
            return false;
    }
    return true;
}

static bool make_strip(struct strips *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct place *place = &s->places[i];
        if ((place->plane == 0 && !scale_down(s, place->lane)) ||
            !scale_across(place->lane, place->plane))
            return false;
    }
    for (int row = 0; row < s->now_made; row++)
        join(s, row);
    return true;
}

static void forget_all(const struct strips *s, bool over)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct place *place = &s->places[i];
        if (place->plane == 0)
            forget(place->lane, over ? G_MAXINT : reached_before(place->lane, s->made));
    }
}

bool strips_make(struct strips *s)
{
    while (s->made < s->out->Ysize) {
        s->now_made = MIN(s->strip, s->out->Ysize - s->made);
        if (!is_there(s))
            return true;
        if (!make_strip(s)) {
            zimg_words();
            return false;
        }
        s->made += s->now_made;
        forget_all(s, false);
    }
    forget_all(s, true);
    return true;
}

static void widen(guint16 *to, const guint8 *from, int count, struct scale scale)
{
    for (int x = 0; x < count; x++)
        to[x] = (guint16)((from[x] << scale.bits) + scale.zero);
}

void strips_push(struct strips *s, unsigned plane, const guint8 *const *rows, int count)
{
    const struct place *place = &s->places[plane];
    struct lane *lane = place->lane;
    g_assert(lane->came + count <= lane->room);
    for (int y = 0; y < count; y++)
        widen((guint16 *)window_row(lane, lane->first + lane->came + y) +
                  (gsize)place->plane * (gsize)lane->pitch,
              rows[y], lane->shape.width, s->ycc ? roomy : plain);
    if (place->plane == lane->planes - 1)
        lane->came += count;
}

VipsImage *strips_take(struct strips *s)
{
    return g_object_ref(s->out);
}
