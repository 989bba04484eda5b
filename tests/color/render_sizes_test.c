/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures of every awkward size: around the length of a block, of one row and one column, of odd
 * sizes, with chroma for two columns, two rows or both; planes end where their last sample does. */
#include "color/render.h"
#include "cpu.h"

#include <string.h>

static const int widths[] = {1, 2, 3, 9, 33, 1022, 1023, 1024, 1025, 1026, 2047},
                 heights[] = {1, 2, 3, 4, 5, 6, 7};
enum { RASTERS = 24 };

struct picture {
    const struct raster *raster;
    int width, height;
    struct raster_planes planes;
};

/* 8, 10 and 16 bits in 4:4:4, 4:2:2, 4:2:0 and 4:4:0, with both sitings of each. */
static struct raster raster_number(int n)
{
    static const int bits[] = {8, 10, 16};
    const int chroma = n / 3 % 4;
    return (struct raster){.bits = bits[n % 3],
                           .chroma_w = chroma == 1 || chroma == 2,
                           .chroma_h = chroma >= 2,
                           .across = n / 12 ? SITED_BETWEEN : SITED_ON,
                           .down = n / 12 ? SITED_ON : SITED_BETWEEN,
                           .full_range = n % 2,
                           .red_weight = 0.2126,
                           .blue_weight = 0.0722};
}

static gsize sample_size(const struct raster *raster)
{
    return raster->bits > 16 ? 4 : raster->bits > 8 ? 2 : 1;
}

static gsize row_size(const struct picture *p, int plane)
{
    const int shift = plane == 1 || plane == 2 ? p->raster->chroma_w : 0;
    return sample_size(p->raster) * (gsize)((p->width + shift) >> shift);
}

static gsize plane_size(const struct picture *p, int plane)
{
    const int shift = plane == 1 || plane == 2 ? p->raster->chroma_h : 0;
    return row_size(p, plane) * (gsize)((p->height + shift) >> shift);
}

/* Of any codes; each plane on its own, so that what goes beyond it is seen. */
static struct picture make(const struct raster *raster, int width, int height, guint32 seed)
{
    struct picture p = {.raster = raster, .width = width, .height = height};
    const guint16 most = (guint16)((1 << MIN(raster->bits, 16)) - 1);
    for (int i = 0; i < 4; i++) {
        const gsize size = plane_size(&p, i);
        guint8 *bytes = g_malloc(size);
        for (gsize k = 0; k < size; k++)
            bytes[k] = (guint8)((seed = seed * 1664525 + 1013904223) >> 24);
        for (gsize k = 0; sample_size(raster) == 2 && k < size / 2; k++)
            ((guint16 *)bytes)[k] &= most;
        p.planes.plane[i] = bytes;
        p.planes.stride[i] = (ptrdiff_t)row_size(&p, i);
    }
    return p;
}

static void drop(struct picture *p)
{
    for (int i = 0; i < 4; i++)
        g_free(p->planes.plane[i]);
}

static void assert_same(const struct picture *a, const struct picture *b)
{
    for (int i = 0; i < 4; i++)
        g_assert_cmpmem(a->planes.plane[i], plane_size(a, i), b->planes.plane[i], plane_size(b, i));
}

/* `rows` at a time, by a path of the processor. NULL looks: no grade. */
static struct picture rendered(const struct picture *in, const struct raster *to,
                               const struct look *look, enum cpu_path path, int rows)
{
    cpu_limit(path);
    g_auto(grade_ptr) grade = grade_create();
    if (look)
        grade_add(grade, look);
    struct picture out = make(to, in->width, in->height, (guint32)rows);
    g_auto(render_ptr) render =
        render_create(in->raster, to, in->width, in->height, grade, to->bits == 8);
    for (int top = 0; top < in->height; top += rows)
        g_assert_true(
            render_rows(render, &in->planes, &out.planes, top, MIN(top + rows, in->height)));
    cpu_limit(CPU_BEST);
    return out;
}

typedef void of_size(const struct raster *raster, int width, int height);

static void each_size(of_size *check, int step)
{
    for (gsize w = 0; w < G_N_ELEMENTS(widths); w++)
        for (gsize h = 0; h < G_N_ELEMENTS(heights); h++)
            for (int n = (int)(w + h) % step; n < RASTERS; n += step) {
                const struct raster raster = raster_number(n);
                check(&raster, widths[w], heights[h]);
            }
}

/* Of odd sizes the last chroma sample stands for one pixel where others stand for two. */
static void keeps_codes(const struct raster *raster, int width, int height)
{
    if ((raster->chroma_w && width % 2) || (raster->chroma_h && height % 2))
        return;
    struct picture in = make(raster, width, height, 7),
                   out = rendered(&in, raster, NULL, CPU_BEST, height + height % 2);
    assert_same(&in, &out);
    drop(&in);
    drop(&out);
}

static void no_grade_changes_no_code_of_even_sizes(void)
{
    each_size(keeps_codes, 1);
}

static struct look *some_look(void)
{
    struct look *look = look_create(NULL, NULL, 0);
    const struct cdl cdl = {
        {1.12, 0.98, 0.9}, {0.02, -0.015, 0.03}, {0.85, 1.1, 1.31}, 0.87, CDL_CLAMP_NONE};
    look_add_cdl(look, &cdl);
    return look;
}

/* Into its own samples, and into float. */
static void is_one_picture(const struct raster *raster, int width, int height)
{
    const struct raster light = {.bits = 32, .rgb = true, .full_range = true};
    const struct raster *const targets[] = {raster, &light};
    g_auto(look_ptr) look = some_look();
    struct picture in = make(raster, width, height, 11);
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        struct picture whole = rendered(&in, targets[i], look, CPU_BEST, height + height % 2),
                       slices = rendered(&in, targets[i], look, CPU_BEST, 2),
                       plain = rendered(&in, targets[i], look, CPU_PLAIN, 4);
        assert_same(&whole, &slices);
        assert_same(&whole, &plain);
        drop(&whole);
        drop(&slices);
        drop(&plain);
    }
    drop(&in);
}

static void slices_and_paths_give_one_picture(void)
{
    each_size(is_one_picture, 5);
}

/* Planes of float to codes. */
static void reads_float(const struct raster *raster, int width, int height)
{
    const struct raster light = {.bits = 32, .rgb = true, .full_range = true};
    struct picture in = make(&light, width, height, 3);
    for (int p = 0; p < 4; p++)
        for (int i = 0; i < width * height; i++)
            ((float *)in.planes.plane[p])[i] = (float)(i * 37 % 1201) / 1000 - 0.1f;
    struct picture best = rendered(&in, raster, NULL, CPU_BEST, 2),
                   plain = rendered(&in, raster, NULL, CPU_PLAIN, height + height % 2);
    assert_same(&best, &plain);
    drop(&in);
    drop(&best);
    drop(&plain);
}

static void float_is_stored_alike_by_every_path(void)
{
    each_size(reads_float, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/render_sizes/identity", no_grade_changes_no_code_of_even_sizes);
    g_test_add_func("/color/render_sizes/one", slices_and_paths_give_one_picture);
    g_test_add_func("/color/render_sizes/float", float_is_stored_alike_by_every_path);
    return g_test_run();
}
