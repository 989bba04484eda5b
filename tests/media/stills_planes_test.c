/* SPDX-License-Identifier: GPL-3.0-or-later
 * JPEGs of every way to subsample, in sizes: made by libjpeg, and held against the picture that is
 * decoded whole. */
#include "still/jpeg_planes.h"
#include "stills_support.h"

#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Samples of a component, across and down, to each other (ISO/IEC 10918-1, A.1.1). */
struct sampling {
    const char *name;
    J_COLOR_SPACE colours;
    int components;
    int h[3], v[3];
};
static const struct sampling samplings[] = {
    {"grey", JCS_GRAYSCALE, 1, {1}, {1}},
    {"grey of two blocks", JCS_GRAYSCALE, 1, {2}, {2}},
    {"4:4:4", JCS_YCbCr, 3, {1, 1, 1}, {1, 1, 1}},
    {"4:2:2", JCS_YCbCr, 3, {2, 1, 1}, {1, 1, 1}},
    {"4:2:0", JCS_YCbCr, 3, {2, 1, 1}, {2, 1, 1}},
    {"4:4:0", JCS_YCbCr, 3, {1, 1, 1}, {2, 1, 1}},
    {"4:1:1", JCS_YCbCr, 3, {4, 1, 1}, {1, 1, 1}},
    {"4:1:0", JCS_YCbCr, 3, {4, 1, 1}, {2, 1, 1}},
    {"chroma of two kinds", JCS_YCbCr, 3, {2, 2, 1}, {2, 1, 2}},
    {"chroma of more rows than luma", JCS_YCbCr, 3, {2, 1, 1}, {1, 2, 2}},
    {"RGB", JCS_RGB, 3, {1, 1, 1}, {1, 1, 1}},
    {"RGB, blue and red in fewer", JCS_RGB, 3, {2, 1, 1}, {2, 1, 1}},
};

/* Changes slowly, so that how chroma is made larger makes no difference. */
static void ramps(guint8 *row, int components, int width, int height, int y)
{
    for (int x = 0; x < width; x++)
        for (int c = 0; c < components; c++)
            row[x * components + c] =
                (guint8)(c == 0   ? 60 + 120 * x / width
                         : c == 1 ? 90 + 70 * y / height
                                  : 170 - 60 * (x * height + y * width) / (2 * width * height));
}

static int jpeg_of(const struct sampling *sampling, int width, int height, bool progressive)
{
    struct jpeg_compress_struct libjpeg;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    unsigned long size = 0;
    g_autofree guint8 *row = g_malloc((gsize)width * 3);
    libjpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&libjpeg);
    jpeg_mem_dest(&libjpeg, &data, &size);
    libjpeg.image_width = (JDIMENSION)width;
    libjpeg.image_height = (JDIMENSION)height;
    libjpeg.input_components = sampling->components;
    libjpeg.in_color_space = sampling->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&libjpeg);
    jpeg_set_colorspace(&libjpeg, sampling->colours);
    jpeg_set_quality(&libjpeg, 98, TRUE);
    for (int i = 0; i < sampling->components; i++) {
        libjpeg.comp_info[i].h_samp_factor = sampling->h[i];
        libjpeg.comp_info[i].v_samp_factor = sampling->v[i];
    }
    if (progressive)
        jpeg_simple_progression(&libjpeg);
    jpeg_start_compress(&libjpeg, TRUE);
    for (int y = 0; y < height; y++) {
        ramps(row, sampling->components, width, height, y);
        jpeg_write_scanlines(&libjpeg, &row, 1);
    }
    jpeg_finish_compress(&libjpeg);
    jpeg_destroy_compress(&libjpeg);
    int fd = stills_blank();
    g_assert_cmpint(write(fd, data, size), ==, (gssize)size);
    free(data);
    return fd;
}

static VipsImage *resized(struct still *still, const struct still_scaling *to)
{
    struct failure failure = {0};
    g_assert_true(still_resize(still, &failure, to->width, to->height, to->kernel, false));
    return stills_written(still, "png", NULL);
}

/* Three codes, and at the edges of small pictures a part of the step from one pixel to the next. */
static void check(const struct sampling *sampling, int width, int height, bool progressive,
                  const struct still_scaling *to)
{
    struct failure failure = {0};
    int fd = jpeg_of(sampling, width, height, progressive);
    g_autoptr(GPtrArray) stills = still_open_sizes(fd, &(struct still_opts){0}, to, 1, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_auto(still_ptr) whole = stills_open(fd);
    g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[0], to));
    g_autoptr(GObject) b = G_OBJECT(resized(whole, to));
    const double difference = stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b));
    const double most = 3 + 120. / MIN(width, height);
    if (difference > most)
        g_test_message("%s, %dx%d to %dx%d: %g codes", sampling->name, width, height, to->width,
                       to->height, difference);
    g_assert_cmpfloat(difference, <=, most);
    close(fd);
}

static void test_sizes_are_those_of_the_whole_however_chroma_is_sampled(void)
{
    static const int sides[][2] = {{160, 128}, {161, 122}, {37, 100}, {100, 19}, {9, 7}};
    for (unsigned i = 0; i < G_N_ELEMENTS(samplings); i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(sides); k++) {
            const int width = sides[k][0], height = sides[k][1];
            const struct still_scaling to[] = {{MAX(width * 3 / 4, 1), height, "lanczos"},
                                               {width, MAX(height / 2, 1), "bicubic"},
                                               {MAX(width / 5, 1), MAX(height / 5, 1), "lanczos"},
                                               {1, 1, "lanczos"}};
            for (unsigned t = 0; t < G_N_ELEMENTS(to); t++)
                check(&samplings[i], width, height, t % 2 && i % 2, &to[t]);
        }
}

/* Lines of red on white: beside them every kernel overshoots, luma beyond white and chroma beyond
 * its own, and white stays white. */
static void test_white_beside_a_colour_stays_white(void)
{
    enum { SIDE = 360, EVERY = 18, WIDE = 3, SHRUNK = 72 };
    static const struct still_scaling to = {SHRUNK, SHRUNK, "lanczos"};
    struct failure failure = {0};
    g_autofree guint8 *rows = g_malloc(SIDE * SIDE * 3);
    memset(rows, 255, SIDE * SIDE * 3);
    for (int i = 0; i < SIDE * SIDE; i++)
        if (i % SIDE % EVERY < WIDE)
            rows[3 * i + 1] = rows[3 * i + 2] = 0;
    g_autoptr(GObject) image = G_OBJECT(
        vips_image_new_from_memory(rows, SIDE * SIDE * 3, SIDE, SIDE, 3, VIPS_FORMAT_UCHAR));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg[Q=98,subsample_mode=off]");
    g_autoptr(GPtrArray) stills = still_open_sizes(fd, &(struct still_opts){0}, &to, 1, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_auto(still_ptr) whole = stills_open(fd);
    g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[0], &to));
    g_autoptr(GObject) b = G_OBJECT(resized(whole, &to));
    for (int x = 0; x < SHRUNK; x++)
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(a), x, SHRUNK / 2, 0), >=, 250);
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(a), VIPS_IMAGE(b)), <=, 10);
    close(fd);
}

/* Green, brighter and darker by up to 40 codes from pixel to pixel: red and blue are black, or a
 * bit more. */
static void grain(int x, int y, double *out)
{
    const guint32 mixed = ((guint32)x * 2654435761u ^ (guint32)y * 2246822519u) * 3266489917u;
    const int more = (int)((mixed ^ mixed >> 15) >> 8 & 255) % 81 - 40;
    out[0] = out[2] = MAX(more, 0);
    out[1] = 128 + more;
}

static double mean_blue(VipsImage *image)
{
    double sum = 0;
    for (int y = 0; y < image->Ysize; y++)
        for (int x = 0; x < image->Xsize; x++)
            sum += stills_value(image, x, y, 2);
    return sum / image->Xsize / image->Ysize;
}

/* Each pixel is cut off at black before it is mixed: what isn't comes out darker. */
static void test_noise_on_a_saturated_colour_is_as_bright_as_in_the_whole(void)
{
    static const struct still_scaling to = {60, 40, "lanczos"};
    struct failure failure = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(480, 320, 3, false, grain));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg[Q=92,subsample_mode=on]");
    g_autoptr(GPtrArray) stills = still_open_sizes(fd, &(struct still_opts){0}, &to, 1, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_auto(still_ptr) whole = stills_open(fd);
    g_autoptr(GObject) a = G_OBJECT(resized(stills->pdata[0], &to));
    g_autoptr(GObject) b = G_OBJECT(resized(whole, &to));
    g_assert_cmpfloat_with_epsilon(mean_blue(VIPS_IMAGE(a)), mean_blue(VIPS_IMAGE(b)), 0.3);
    close(fd);
}

/* libjpeg makes no pixels of them, nor does anyone here of a part of them. In the frame's header
 * (B.2.2) chroma of one block across for three of luma becomes one of two. */
static void test_sampling_by_thirds_and_halves_is_unsupported(void)
{
    enum { HEAD_MOST = 1024, SECOND = 14, THIRD = 17 };
    static const guint8 frame[] = {0xff, 0xc0}, halves = 0x21;
    static const struct sampling thirds = {"3 to 1", JCS_YCbCr, 3, {3, 1, 1}, {1, 1, 1}};
    static const struct still_scaling to = {30, 20, "lanczos"};
    struct failure sized = {0}, whole = {0};
    guint8 head[HEAD_MOST];
    int fd = jpeg_of(&thirds, 96, 64, false);
    const ssize_t size = pread(fd, head, sizeof head, 0);
    const guint8 *at = memmem(head, (gsize)size, frame, sizeof frame);
    g_assert_nonnull(at);
    g_assert_cmpint(pwrite(fd, &halves, 1, at - head + SECOND), ==, 1);
    g_assert_cmpint(pwrite(fd, &halves, 1, at - head + THIRD), ==, 1);
    g_assert_null(still_open_sizes(fd, &(struct still_opts){0}, &to, 1, &sized));
    g_assert_null(still_open(fd, &(struct still_opts){0}, &whole));
    g_assert_cmpint(sized.class, ==, FAIL_UNSUPPORTED);
    g_assert_cmpstr(sized.message, ==, whole.message);
    failure_clear(&sized);
    failure_clear(&whole);
    close(fd);
}

/* Four bytes between two segments are form, and libjpeg speaks of those alone; the picture behind
 * them breaks off. */
static void test_a_cut_is_found_behind_a_warning_of_form(void)
{
    enum { FILE_MOST = 1 << 16, JFIF_END = 20, BETWEEN = 4 };
    static const struct still_scaling to = {60, 40, "lanczos"};
    guint8 bytes[FILE_MOST];
    int fd = jpeg_of(&samplings[4], 320, 240, false);
    lseek(fd, 0, SEEK_SET);
    const ssize_t size = read(fd, bytes, sizeof bytes);
    g_assert_cmpint(size, >, 0);
    close(fd);
    for (unsigned cut = 0; cut < 2; cut++) {
        struct failure failure = {0};
        fd = stills_blank();
        g_assert_cmpint(write(fd, bytes, JFIF_END), ==, JFIF_END);
        g_assert_cmpint(write(fd, "\1\2\3\4", BETWEEN), ==, BETWEEN);
        const ssize_t rest = (cut ? size * 2 / 3 : size) - JFIF_END;
        g_assert_cmpint(write(fd, bytes + JFIF_END, (gsize)rest), ==, rest);
        if (cut)
            g_assert_cmpint(write(fd, "\xff\xd9", 2), ==, 2);
        g_autoptr(GPtrArray) stills =
            still_open_sizes(fd, &(struct still_opts){0}, &to, 1, &failure);
        g_assert_true((stills == NULL) == (cut == 1));
        g_assert_cmpint(failure.class, ==, cut ? FAIL_INPUT_DAMAGED : FAIL_NONE);
        failure_clear(&failure);
        g_auto(still_ptr) whole = still_open(fd, &(struct still_opts){0}, &failure);
        g_assert_true((whole == NULL) == (cut == 1));
        g_assert_cmpint(failure.class, ==, cut ? FAIL_INPUT_DAMAGED : FAIL_NONE);
        if (cut)
            g_assert_nonnull(strstr(failure.message, "premature end of data segment"));
        failure_clear(&failure);
        close(fd);
    }
}

static void test_planes_have_the_rows_and_columns_they_are_coded_with(void)
{
    static const struct {
        int width, height;
        double across, down;
    } want[] = {{21, 13, 21, 13}, {11, 7, 10.5, 6.5}, {11, 7, 10.5, 6.5}};
    int fd = jpeg_of(&samplings[4], 21, 13, false), rows[3] = {0};
    lseek(fd, 0, SEEK_SET);
    VipsSource *source = vips_source_new_from_descriptor(fd);
    struct jpeg_planes *planes = jpeg_planes_open(source, VIPS_FAIL_ON_WARNING);
    g_assert_nonnull(planes);
    g_assert_cmpuint(planes->count, ==, 3);
    g_assert_true(planes->ycc);
    while (jpeg_planes_next(planes))
        for (unsigned i = 0; i < 3; i++)
            rows[i] += planes->came[i];
    g_assert_cmpfloat(planes->fraction, ==, 1);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmpint(planes->shape[i].width, ==, want[i].width);
        g_assert_cmpint(planes->shape[i].height, ==, want[i].height);
        g_assert_cmpfloat(planes->shape[i].across, ==, want[i].across);
        g_assert_cmpfloat(planes->shape[i].down, ==, want[i].down);
        g_assert_cmpint(rows[i], ==, want[i].height);
    }
    jpeg_planes_close(planes);
    g_object_unref(source);
    close(fd);
}

/* A byte of it changed, or its end cut off: a picture comes of it, or words. */
static void test_no_bytes_do_harm(void)
{
    static const struct still_scaling to[] = {{60, 40, "lanczos"}, {9, 7, "lanczos"}};
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (unsigned i = 0; i < 15 * G_N_ELEMENTS(samplings); i++) {
        struct failure failure = {0};
        int fd = jpeg_of(&samplings[i % G_N_ELEMENTS(samplings)], 72, 56, i % 3 == 0);
        const off_t size = lseek(fd, 0, SEEK_END);
        const guint8 byte = (guint8)g_rand_int(rand);
        if (i % 5 == 0)
            g_assert_cmpint(ftruncate(fd, g_rand_int_range(rand, 2, (gint32)size)), ==, 0);
        else
            g_assert_cmpint(pwrite(fd, &byte, 1, g_rand_int_range(rand, 2, (gint32)size)), ==, 1);
        g_autoptr(GPtrArray) stills =
            still_open_sizes(fd, &(struct still_opts){.damaged_allow = true}, to, 2, &failure);
        g_assert_true(!stills == (failure.class != FAIL_NONE));
        failure_clear(&failure);
        close(fd);
    }
}

/* Each scan goes through the whole picture once more. */
static void test_a_picture_of_too_many_scans_is_refused(void)
{
    static const guint8 scan[] = {0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0};
    struct failure failure = {0};
    const struct still_scaling to = {8, 8, "lanczos"};
    int fd = jpeg_of(&samplings[0], 64, 64, true);
    lseek(fd, -2, SEEK_END);
    for (int i = 0; i < 600; i++)
        g_assert_cmpint(write(fd, scan, sizeof scan), ==, sizeof scan);
    g_assert_cmpint(write(fd, "\xff\xd9", 2), ==, 2);
    g_assert_null(
        still_open_sizes(fd, &(struct still_opts){.damaged_allow = true}, &to, 1, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_nonnull(strstr(failure.message, "scans"));
    failure_clear(&failure);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR); /* libvips warns of damage, and shall */
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/planes/grain",
                    test_noise_on_a_saturated_colour_is_as_bright_as_in_the_whole);
    g_test_add_func("/stills/planes-have-the-rows-and-columns-they-are-coded-with",
                    test_planes_have_the_rows_and_columns_they_are_coded_with);
    g_test_add_func("/stills/sizes-are-those-of-the-whole-however-chroma-is-sampled",
                    test_sizes_are_those_of_the_whole_however_chroma_is_sampled);
    g_test_add_func("/stills/white-beside-a-colour-stays-white",
                    test_white_beside_a_colour_stays_white);
    g_test_add_func("/stills/sampling-by-thirds-and-halves-is-unsupported",
                    test_sampling_by_thirds_and_halves_is_unsupported);
    g_test_add_func("/stills/cut-is-found-behind-a-warning-of-form",
                    test_a_cut_is_found_behind_a_warning_of_form);
    g_test_add_func("/stills/no-bytes-do-harm", test_no_bytes_do_harm);
    g_test_add_func("/stills/picture-of-too-many-scans-is-refused",
                    test_a_picture_of_too_many_scans_is_refused);
    return g_test_run();
}
