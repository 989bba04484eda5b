/* SPDX-License-Identifier: GPL-3.0-or-later
 * The safe areas, where SMPTE ST 2046-1 (tables 1 and 2) and EBU R 95 put them: of 1920 by 1080,
 * action is 1786 by 1004 from 67, 38 on, titles 1728 by 972 from 96, 54 on. */
#include "media/chain_picture.h"
#include "picture_help.h"
#include "stills_support.h"

#include <math.h>

/* Outlines are two pixels thick at 1080 lines. */
static bool on_outline(int x, int y, int left, int top, int width, int height)
{
    const bool inside = x >= left && y >= top && x < left + width && y < top + height;
    const bool deeper =
        x >= left + 2 && y >= top + 2 && x < left + width - 2 && y < top + height - 2;
    return inside && !deeper;
}

static bool on_any(int x, int y)
{
    return on_outline(x, y, 67, 38, 1786, 1004) || on_outline(x, y, 96, 54, 1728, 972);
}

static void frames_have_them(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv422p10le", 1920, 1080);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "text", "safe", "yes", NULL));
    picture_push(chain, picture_frame(&shape, 0, 60));
    g_autoptr(GPtrArray) out = picture_end(chain);
    for (int y = 0; y < 1080; y += 1)
        for (int x = 0; x < 1920; x += y % 40 ? 37 : 1)
            g_assert_cmpuint(picture_sample(out->pdata[0], 0, x, y), ==, on_any(x, y) ? 940 : 240);
}

static void grey(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = 60;
}

static void stills_have_them(void)
{
    struct failure failure = {0};
    g_autoptr(GObject) made = G_OBJECT(stills_make(1920, 1080, 3, false, grey));
    g_auto(still_ptr) still = stills_open(stills_file(VIPS_IMAGE(made), "png"));
    g_assert_true(still_safe_areas(still, &failure, (struct rgba){255, 0, 0, 255}));
    g_autoptr(GObject) image = G_OBJECT(stills_written(still, "png", NULL));
    static const int places[][2] = {{66, 500}, {67, 500},   {68, 500},   {69, 500},   {1852, 500},
                                    {1853, 9}, {900, 37},   {900, 38},   {900, 1041}, {900, 1042},
                                    {95, 500}, {96, 500},   {1823, 500}, {1824, 500}, {900, 54},
                                    {900, 53}, {900, 1025}, {900, 1026}};
    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        const bool drawn = on_any(places[i][0], places[i][1]);
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(image), places[i][0], places[i][1], 0), ==,
                          drawn ? 255 : 60);
        g_assert_cmpfloat(stills_value(VIPS_IMAGE(image), places[i][0], places[i][1], 1), ==,
                          drawn ? 0 : 60);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/safe/frames", frames_have_them);
    g_test_add_func("/safe/stills", stills_have_them);
    return g_test_run();
}
