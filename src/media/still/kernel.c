/* SPDX-License-Identifier: GPL-3.0-or-later
 * Grades of stills: libvips' regions as rows of float. */
#include "media/still.h"

#include "private.h"

#include <float.h>
#include <math.h>

/* One reference a frame: libvips grades when the frame is computed. */
struct kernel {
    struct grade *grade;
};

static void kernel_finish(void *data)
{
    grade_destroy(((struct kernel *)data)->grade);
}

static void kernel_unref(void *data)
{
    g_atomic_rc_box_release_full(data, kernel_finish);
}

/* As frames of floats are read (color/render.h). */
static float bounded(float v)
{
    return isnan(v) ? 0 : CLAMP(v, -FLT_MAX, FLT_MAX);
}

static void to_rows(VipsRegion *region, const VipsRect *r, float *const planes[4], double white)
{
    int bands = region->im->Bands;
    size_t at = 0;
    for (int y = 0; y < r->height; y++) {
        const void *line = VIPS_REGION_ADDR(region, r->left, r->top + y);
        const guint8 *bytes = line;
        const guint16 *shorts = line;
        const float *floats = line;
        for (int x = 0; x < r->width; x++, at++)
            for (int b = 0; b < bands; b++) {
                int i = x * bands + b;
                planes[b][at] = white == 255     ? bytes[i] / 255.0f
                                : white == 65535 ? shorts[i] / 65535.0f
                                                 : bounded(floats[i]);
            }
    }
}

static void from_rows(VipsRegion *region, const VipsRect *r, float *const planes[4], double white)
{
    int bands = region->im->Bands;
    size_t at = 0;
    for (int y = 0; y < r->height; y++) {
        void *line = VIPS_REGION_ADDR(region, r->left, r->top + y);
        guint8 *bytes = line;
        guint16 *shorts = line;
        float *floats = line;
        for (int x = 0; x < r->width; x++, at++)
            for (int b = 0; b < bands; b++) {
                int i = x * bands + b;
                float v = planes[b][at];
                if (white == 255)
                    bytes[i] = (guint8)lrintf(fminf(fmaxf(v, 0), 1) * 255);
                else if (white == 65535)
                    shorts[i] = (guint16)lrintf(fminf(fmaxf(v, 0), 1) * 65535);
                else
                    floats[i] = v;
            }
    }
}

static int generate(VipsRegion *out, void *sequence, void *a, void *b, gboolean *stop)
{
    VipsRegion *in = sequence;
    const struct kernel *kernel = b;
    const VipsRect *r = &out->valid;
    if (vips_region_prepare(in, r))
        return -1;
    size_t count = (size_t)r->width * r->height;
    g_autofree float *values = g_new(float, count * 4);
    float *planes[4] = {values, values + count, values + 2 * count, values + 3 * count};
    double white = image_white(in->im);
    to_rows(in, r, planes, white);
    grade_apply(kernel->grade, planes[0], planes[1], planes[2], count);
    from_rows(out, r, planes, white);
    return 0;
}

static int apply(VipsImage *in, VipsImage **out, const void *args)
{
    VipsImage *wide = NULL;
    if (image_to_rgb(in, &wide))
        return -1;
    g_autoptr(VipsImage) image = vips_image_new();
    vips_object_local(image, wide);
    void *kernel = g_atomic_rc_box_acquire((void *)args);
    g_object_set_data_full(G_OBJECT(image), "rushes-kernel", kernel, kernel_unref);
    if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_THINSTRIP, wide, NULL) ||
        vips_image_generate(image, vips_start_one, generate, vips_stop_one, wide, kernel))
        return -1;
    *out = g_steal_pointer(&image);
    return 0;
}

bool still_grade(struct still *still, struct failure *failure, struct grade *grade)
{
    struct kernel *kernel = g_atomic_rc_box_new(struct kernel);
    kernel->grade = grade;
    const bool fine = still_each(still, failure, "the grade can't be applied", apply, kernel);
    kernel_unref(kernel);
    return fine;
}
