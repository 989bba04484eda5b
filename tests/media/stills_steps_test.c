/* SPDX-License-Identifier: GPL-3.0-or-later
 * What steps do to a still's pixels: what they leave alone stays to the bit, transparent pixels
 * have no colour to give, and frames get the same. */
#include "picture_help.h"
#include "stills_step.h"
#include "stills_support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void flat(int x, int y, double *out)
{
    out[0] = 13;
    out[1] = 127;
    out[2] = 250;
    out[3] = 255;
}

static void deep_flat(int x, int y, double *out)
{
    out[0] = 12345;
    out[1] = 40000;
    out[2] = 65001;
    out[3] = 65535;
}

static void disc(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = out[3] = hypot(x - 40, y - 40) < 28 ? 255 : 0;
}

static void ramp(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = y * 256 + x;
}

static struct still *opened(VipsImage *image)
{
    const int fd = stills_file(image, "png");
    struct still *still = stills_open(fd);
    close(fd);
    return still;
}

static VipsImage *stepped(VipsImage *image, const char *step, const char *params)
{
    struct failure failure = {0};
    g_auto(still_ptr) still = opened(image);
    stills_step(still, &failure, step, params);
    g_assert_cmpstr(failure.message, ==, NULL);
    g_autoptr(GObject) written = G_OBJECT(stills_written(still, "png", NULL));
    return vips_image_copy_memory(VIPS_IMAGE(written));
}

static const char *const mixing[][2] = {
    {"blur", "{'radius': 3.3}"},
    {"blur", "{'radius': '10%'}"},
    {"blur", "{'radius': 20}"},
    {"denoise", "{'of': 'picture', 'strength': '300%'}"},
    {"sharpen", "{'amount': '200%', 'radius': 2}"},
    {"resize", "{'width': 41, 'height': 29, 'fit': 'fill', 'place': 'entropy'}"},
};

static void a_flat_field_stays_flat(void)
{
    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(mixing); i++) {
        const bool deep = i & 1;
        const int bands = i & 2 ? 4 : 3;
        double want[4];
        (deep ? deep_flat : flat)(0, 0, want);
        g_autoptr(GObject) made =
            G_OBJECT(stills_make(63, 50, bands, deep, deep ? deep_flat : flat));
        g_autoptr(GObject) out =
            G_OBJECT(stepped(VIPS_IMAGE(made), mixing[i / 4][0], mixing[i / 4][1]));
        VipsImage *image = VIPS_IMAGE(out);
        g_assert_cmpint(image->BandFmt, ==, deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
        for (int y = 0; y < image->Ysize; y++)
            for (int x = 0; x < image->Xsize; x++)
                for (int b = 0; b < bands; b++)
                    g_assert_cmpint(deep ? ((guint16 *)VIPS_IMAGE_ADDR(image, x, y))[b]
                                         : VIPS_IMAGE_ADDR(image, x, y)[b],
                                    ==, (int)want[b]);
    }
}

static void a_white_disc_has_no_dark_edge(void)
{
    static const char *const steps[][2] = {
        {"blur", "{'radius': 2.5}"},
        {"denoise", "{'of': 'picture', 'strength': '300%'}"},
        {"resize", "{'width': 31, 'height': 31, 'fit': 'fill'}"},
        {"reframe", "{'aspect': '4:5', 'width': 37, 'place': 'attention'}"},
        {"pad", "{'border': 7, 'color': 'transparent'}"},
    };
    g_autoptr(GObject) made = G_OBJECT(stills_make(80, 80, 4, false, disc));
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autoptr(GObject) out = G_OBJECT(stepped(VIPS_IMAGE(made), steps[i][0], steps[i][1]));
        VipsImage *image = VIPS_IMAGE(out);
        for (int y = 0; y < image->Ysize; y++)
            for (int x = 0; x < image->Xsize; x++)
                if (VIPS_IMAGE_ADDR(image, x, y)[3] > 8)
                    for (int b = 0; b < 3; b++)
                        g_assert_cmpint(VIPS_IMAGE_ADDR(image, x, y)[b], >=, 254);
    }
}

/* All 65536 values, once each, wherever they went. */
static void sixteen_bits_are_kept(void)
{
    static const char *const steps[][2] = {
        {"crop", "{'width': 256, 'height': 256, 'focal': [0.1, 1]}"},
        {"rotate", "{'angle': 90}"},
        {"rotate", "{'mirror': 'horizontal'}"},
        {"pad", "{'border': 3, 'color': 'white'}"},
        {"flatten", "{'color': 'black'}"},
    };
    g_autoptr(GObject) made = G_OBJECT(stills_make(256, 256, 3, true, ramp));
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree bool *seen = g_new0(bool, 65536);
        int levels = 0;
        g_autoptr(GObject) out = G_OBJECT(stepped(VIPS_IMAGE(made), steps[i][0], steps[i][1]));
        VipsImage *image = VIPS_IMAGE(out);
        for (int y = 0; y < image->Ysize; y++)
            for (int x = 0; x < image->Xsize; x++) {
                bool *one = &seen[((guint16 *)VIPS_IMAGE_ADDR(image, x, y))[1]];
                levels += !*one;
                *one = true;
            }
        g_assert_cmpint(levels, ==, 65536);
    }
}

/* Half of red on half of green, in code values: (200 + 0) / 2, (0 + 128) / 2. */
static void half_red(int x, int y, double *out)
{
    out[0] = 200;
    out[3] = 127.5 + (x % 2 ? 0.5 : -0.5);
}

static void flatten_lays_on_the_colour(void)
{
    g_autoptr(GObject) made = G_OBJECT(stills_make(16, 16, 4, false, half_red));
    g_autoptr(GObject) out = G_OBJECT(stepped(VIPS_IMAGE(made), "flatten", "{'color': '#008000'}"));
    VipsImage *image = VIPS_IMAGE(out);
    g_assert_cmpint(image->Bands, ==, 3);
    for (int x = 0; x < 16; x++) {
        g_assert_cmpint(abs(VIPS_IMAGE_ADDR(image, x, 3)[0] - 100), <=, 1);
        g_assert_cmpint(abs(VIPS_IMAGE_ADDR(image, x, 3)[1] - 64), <=, 1);
    }
}

static void a_border_is_as_wide_on_all_sides(void)
{
    g_autoptr(GObject) made = G_OBJECT(stills_make(100, 60, 3, false, flat));
    static const struct {
        const char *params;
        int width, height, left, top;
    } rows[] = {
        {"{'border': 5, 'color': 'white'}", 110, 70, 5, 5},
        {"{'border': '3%', 'color': 'white'}", 106, 66, 3, 3},
        {"{'border': 10, 'aspect': '1/1', 'color': 'white'}", 120, 120, 10, 30},
        {"{'border': 10, 'aspect': '1/1', 'place': 'top', 'color': 'white'}", 120, 120, 10, 10},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GObject) out = G_OBJECT(stepped(VIPS_IMAGE(made), "pad", rows[i].params));
        VipsImage *image = VIPS_IMAGE(out);
        const int x = rows[i].left, y = rows[i].top;
        g_assert_cmpint(image->Xsize, ==, rows[i].width);
        g_assert_cmpint(image->Ysize, ==, rows[i].height);
        g_assert_cmpint(VIPS_IMAGE_ADDR(image, x, y)[0], ==, 13);
        g_assert_cmpint(VIPS_IMAGE_ADDR(image, x - 1, y)[0], ==, 255);
        g_assert_cmpint(VIPS_IMAGE_ADDR(image, x, y - 1)[0], ==, 255);
        g_assert_cmpint(VIPS_IMAGE_ADDR(image, x + 99, y + 59)[0], ==, 13);
    }
}

static unsigned painted(int x, int y)
{
    return (unsigned)(x < 30 ? 60 : 150) + (unsigned)(y / 3) + (x == 40 && y == 20 ? 60 : 0);
}

static void grey(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = painted(x, y);
}

/* An edge's blur is the integral of the Gaussian. */
static void blur_is_a_gaussian_on_stills_and_frames(void)
{
    const struct video_shape shape = picture_shape("gbrp", 64, 48);
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(&shape);
    AVFrame *frame = picture_frame(&shape, 0, 100);
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < 48; y++)
            for (int x = 0; x < 64; x++)
                picture_set(frame, p, x, y, painted(x, y));
    g_assert_true(picture_step(chain, &failure, NULL, "blur", "radius", "2.5", NULL));
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_autoptr(GObject) made = G_OBJECT(stills_make(64, 48, 3, false, grey));
    g_autoptr(GObject) still = G_OBJECT(stepped(VIPS_IMAGE(made), "blur", "{'radius': 2.5}"));
    for (int y = 0; y < 48; y++)
        for (int x = 0; x < 64; x++)
            g_assert_cmpint(abs(VIPS_IMAGE_ADDR(VIPS_IMAGE(still), x, y)[1] -
                                (int)picture_sample(out->pdata[0], 0, x, y)),
                            <=, 1);
    for (int x = 18; x < 36; x++) {
        const double edge = 60 + 3 + 90 * 0.5 * (1 + erf((x + 0.5 - 30) / 2.5 / sqrt(2)));
        g_assert_cmpfloat(fabs(VIPS_IMAGE_ADDR(VIPS_IMAGE(still), x, 10)[0] - edge), <, 1.5);
    }
}

/* ±6 codes of even noise have a deviation of 3.74; of green, which is most of luma, a sixth goes,
 * with nothing to compare in time. */
static guint32 noise = 1;

static void noisy(int x, int y, double *out)
{
    for (int b = 0; b < 3; b++) {
        noise = noise * 1664525 + 1013904223;
        out[b] = (x < 48 ? 80 : 180) + (int)(noise >> 16) % 13 - 6;
    }
}

static void denoise_takes_noise_and_leaves_edges(void)
{
    g_autoptr(GObject) made = G_OBJECT(stills_make(96, 64, 3, false, noisy));
    g_autoptr(GObject) out =
        G_OBJECT(stepped(VIPS_IMAGE(made), "denoise", "{'of': 'picture', 'strength': '300%'}"));
    VipsImage *image = VIPS_IMAGE(out);
    double sum = 0, squares = 0, left = 0, right = 0;
    for (int y = 0; y < 64; y++) {
        for (int x = 4; x < 44; x++) {
            const double value = VIPS_IMAGE_ADDR(image, x, y)[1];
            sum += value / 2560;
            squares += value * value / 2560;
        }
        left += VIPS_IMAGE_ADDR(image, 46, y)[1] / 64.0;
        right += VIPS_IMAGE_ADDR(image, 49, y)[1] / 64.0;
    }
    g_assert_cmpfloat(sqrt(squares - sum * sum), <, 3.1);
    g_assert_cmpfloat(left, <, 90);
    g_assert_cmpfloat(right, >, 170);
}

/* What is behind a half-transparent frame shows by half, in chroma too; there is no alpha then. */
static void flatten_of_film_lays_on_the_colour(void)
{
    static const char *const formats[] = {"yuva420p", "yuva444p10le", "gbrap"};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        const struct video_shape shape = picture_shape(formats[i], 32, 32);
        g_auto(chain_ptr) chain = picture_chain(&shape);
        AVFrame *frame = picture_frame(&shape, 0, 200);
        picture_fill(frame, 3, 0, 0, 32, 32, 128);
        g_assert_true(picture_step(chain, &failure, NULL, "flatten", "color", "black", NULL));
        picture_push(chain, frame);
        g_autoptr(GPtrArray) out = picture_end(chain);
        const double black = shape.rgb ? 0 : 16, want = black + (200 - black) * 128 / 255;
        g_assert_false(chain_video(chain)->alpha);
        g_assert_cmpfloat(
            fabs(picture_sample(out->pdata[0], 0, 9, 9) / pow(2, shape.depth - 8) - want), <=, 1);
        g_assert_cmpint(av_pix_fmt_desc_get(((AVFrame *)out->pdata[0])->format)->nb_components, ==,
                        3);
    }
}

/* Bright where it is solid; nothing of the dark, unseen rest comes in. */
static void blur_of_film_weighs_by_alpha(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuva420p", 64, 32);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    AVFrame *frame = picture_frame(&shape, 0, 16);
    picture_fill(frame, 0, 32, 0, 64, 32, 200);
    picture_fill(frame, 3, 0, 0, 32, 32, 0);
    g_assert_true(picture_step(chain, &failure, NULL, "blur", "radius", "3", NULL));
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpint(abs((int)picture_sample(out->pdata[0], 3, 31, 9) - 113), <=, 4);
    for (int x = 26; x < 64; x++)
        g_assert_cmpint(picture_sample(out->pdata[0], 0, x, 9), ==, 200);
}

/* Noise, edges, and stripes of the periods at which a coarser grid would see others. */
static unsigned detailed(int x, int y)
{
    return x < 64    ? (unsigned)(x * 7919 + y * 104729) % 251
           : x < 160 ? (x / (y < 48 ? 4 : 8) % 2 ? 255U : 0U)
                     : (y / 50 % 2 ? 240U : 20U);
}

static void detail(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = detailed(x, y);
}

/* All taps of three deviations along a line of `count`, edges going on, in double. */
static void blur_line(const double *in, double *out, int count, double sigma)
{
    const int reach = (int)ceil(3 * sigma);
    for (int x = 0; x < count; x++) {
        double sum = 0, whole = 0;
        for (int k = -reach; k <= reach; k++) {
            const double tap = exp(-0.5 * k * k / (sigma * sigma));
            sum += tap * in[CLAMP(x + k, 0, count - 1)];
            whole += tap;
        }
        out[x] = sum / whole;
    }
}

enum { WIDE = 243, HIGH = 131 };

static void blur_all_taps(double *out, double sigma)
{
    static double across[HIGH][WIDE], column[HIGH], soft[HIGH];
    for (int y = 0; y < HIGH; y++) {
        double line[WIDE];
        for (int x = 0; x < WIDE; x++)
            line[x] = detailed(x, y);
        blur_line(line, across[y], WIDE, sigma);
    }
    for (int x = 0; x < WIDE; x++) {
        for (int y = 0; y < HIGH; y++)
            column[y] = across[y][x];
        blur_line(column, soft, HIGH, sigma);
        for (int y = 0; y < HIGH; y++)
            out[y * WIDE + x] = soft[y];
    }
}

static void a_large_blur_is_within_a_code_of_all_its_taps(void)
{
    static const char *const radii[] = {"7.9", "8", "16", "23.7", "40"};
    static double want[HIGH * WIDE];
    const struct video_shape shape = picture_shape("gbrp", WIDE, HIGH);
    g_autoptr(GObject) made = G_OBJECT(stills_make(WIDE, HIGH, 3, false, detail));
    for (unsigned i = 0; i < G_N_ELEMENTS(radii); i++) {
        struct failure failure = {0};
        g_auto(chain_ptr) chain = picture_chain(&shape);
        AVFrame *frame = picture_frame(&shape, 0, 100);
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < HIGH; y++)
                for (int x = 0; x < WIDE; x++)
                    picture_set(frame, p, x, y, detailed(x, y));
        g_assert_true(picture_step(chain, &failure, NULL, "blur", "radius", radii[i], NULL));
        picture_push(chain, frame);
        g_autoptr(GPtrArray) out = picture_end(chain);
        g_autofree char *params = g_strdup_printf("{'radius': %s}", radii[i]);
        g_autoptr(GObject) still = G_OBJECT(stepped(VIPS_IMAGE(made), "blur", params));
        blur_all_taps(want, g_ascii_strtod(radii[i], NULL));
        for (int y = 0; y < HIGH; y++)
            for (int x = 0; x < WIDE; x++) {
                const int of_frame = (int)picture_sample(out->pdata[0], 0, x, y);
                g_assert_cmpfloat(fabs(of_frame - want[y * WIDE + x]), <=, 1);
                g_assert_cmpint(abs(VIPS_IMAGE_ADDR(VIPS_IMAGE(still), x, y)[1] - of_frame), <=, 1);
            }
    }
}

static void gray(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = 0.5;
}

static void a_line_too_long_is_broken(void)
{
    g_autoptr(GObject) made = G_OBJECT(stills_make(WIDE, WIDE, 3, false, gray));
    g_autoptr(GObject) still = G_OBJECT(
        stepped(VIPS_IMAGE(made), "text",
                "{'text': 'the quick brown fox', 'size': 30, 'place': 'center', 'color': 'black', "
                "'box': 'white'}"));
    const guint8 ground = *VIPS_IMAGE_ADDR(VIPS_IMAGE(still), 0, 0);
    for (int y = 0; y < WIDE; y++) {
        g_assert_cmpint(*VIPS_IMAGE_ADDR(VIPS_IMAGE(still), 0, y), >=, ground);
        g_assert_cmpint(*VIPS_IMAGE_ADDR(VIPS_IMAGE(still), WIDE - 1, y), >=, ground);
    }
    g_assert_cmpint(*VIPS_IMAGE_ADDR(VIPS_IMAGE(still), WIDE / 2, WIDE / 2 - 30), !=, ground);
    g_assert_cmpint(*VIPS_IMAGE_ADDR(VIPS_IMAGE(still), WIDE / 2, WIDE / 2 + 30), !=, ground);
}

static void listen(void *data, double fraction)
{
    double *most = data;
    g_assert_cmpfloat(fraction, <=, 1);
    *most = fmax(*most, fraction);
}

static void write_listening(double *most)
{
    struct failure failure = {0};
    struct encode_image encode = {.effort = -1};
    struct claim claim = {0};
    const struct still_listener listener = {listen, most};
    g_autoptr(GObject) made = G_OBJECT(stills_make(256, 256, 3, false, flat));
    g_auto(still_ptr) still = opened(VIPS_IMAGE(made));
    still_listen(still, &listener);
    stills_step(still, &failure, "blur", "{'radius': 3}");
    g_assert_cmpfloat(*most, ==, 0);
    g_autofree char *name = NULL;
    const int fd = g_file_open_tmp("rushes-heard-XXXXXX", &name, NULL);
    g_assert_true(still_write(still, "png", &encode, fd, &claim, &failure));
    claim_clear(&claim);
    g_unlink(name);
    close(fd);
}

/* Or a step that takes minutes would be taken for one that stands still. libvips tells of progress
 * from the thread that waits for its workers: on a busy machine it may wake when these have ended
 * a picture as small as this, which then has nothing to tell. */
static void what_is_computed_while_writing_is_heard(void)
{
    double most = 0;
    for (int written = 0; written < 100 && most == 0; written++)
        write_listening(&most);
    g_assert_cmpfloat(most, >, 0);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/steps/flat", a_flat_field_stays_flat);
    g_test_add_func("/stills/steps/disc", a_white_disc_has_no_dark_edge);
    g_test_add_func("/stills/steps/deep", sixteen_bits_are_kept);
    g_test_add_func("/stills/steps/flatten", flatten_lays_on_the_colour);
    g_test_add_func("/stills/steps/border", a_border_is_as_wide_on_all_sides);
    g_test_add_func("/stills/steps/blur", blur_is_a_gaussian_on_stills_and_frames);
    g_test_add_func("/stills/steps/blur-large", a_large_blur_is_within_a_code_of_all_its_taps);
    g_test_add_func("/stills/steps/denoise", denoise_takes_noise_and_leaves_edges);
    g_test_add_func("/stills/steps/words", a_line_too_long_is_broken);
    g_test_add_func("/stills/steps/heard", what_is_computed_while_writing_is_heard);
    g_test_add_func("/film/flatten", flatten_of_film_lays_on_the_colour);
    g_test_add_func("/film/blur", blur_of_film_weighs_by_alpha);
    return g_test_run();
}
