/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words on stills, set by Pango through libvips. */
#include "media/still.h"

#include "media/glyphs.h"
#include "still_private.h"
#include "text_mask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int text_border(int size)
{
    return MAX(1, (int)lround(size / 3.0));
}

static int padding(const char *font)
{
    const char *size = strrchr(font, ' ');
    return size ? text_border(atoi(size + 1)) : 4;
}

/* The bars are nearly transparent: a level that isn't taken for ink. */
static void wipe_bars(VipsImage *mask)
{
    enum { BARS_MAX = 4 };
    for (int y = 0; y < mask->Ysize; y++)
        for (int x = 0; x < mask->Xsize; x++)
            if (*VIPS_IMAGE_ADDR(mask, x, y) <= BARS_MAX)
                *VIPS_IMAGE_ADDR(mask, x, y) = 0;
}

/* At 72 dpi a point is a pixel. */
VipsImage *text_mask(const char *text, const char *font, bool steady, struct failure *failure)
{
    const char *bar = steady ? "<span alpha=\"1%\">|</span>" : "";
    g_autofree char *plain = g_utf8_make_valid(text, -1);
    g_autofree char *escaped = g_markup_escape_text(plain, -1);
    g_autofree char *markup = g_strconcat(bar, escaped, bar, NULL);
    g_autoptr(VipsImage) mask = NULL;
    VipsImage *memory = NULL;
    if (!still_start(failure))
        return NULL;
    if (vips_text(&mask, markup, "font", font, "dpi", 72, NULL) ||
        !(memory = vips_image_copy_memory(mask)))
        fail_vips(failure, FAIL_CONFIG, "the text can't be set");
    if (memory && steady)
        wipe_bars(memory);
    return memory;
}

bool still_text_size(const char *text, const char *font, int *width, int *height,
                     struct failure *failure)
{
    g_autoptr(VipsImage) mask = text_mask(text, font, false, failure);
    if (!mask)
        return false;
    *width = mask->Xsize + 2 * padding(font);
    *height = mask->Ysize + 2 * padding(font);
    return true;
}

static guint16 mixed(double top, double alpha, double below, double below_alpha, double all)
{
    return (guint16)lround((top * alpha + below * below_alpha * (1 - alpha)) / all * 257);
}

static void ink(guint16 *pixel, double cover, struct rgba color, struct rgba box)
{
    double alpha = cover * color.a / 255;
    double below = box.a / 255.0;
    double all = alpha + below * (1 - alpha);
    if (all > 0) {
        pixel[0] = mixed(color.r, alpha, box.r, below, all);
        pixel[1] = mixed(color.g, alpha, box.g, below, all);
        pixel[2] = mixed(color.b, alpha, box.b, below, all);
    }
    pixel[3] = (guint16)lround(all * 65535);
}

static VipsImage *plate(VipsImage *mask, int border, struct rgba color, struct rgba box)
{
    int width = mask->Xsize + 2 * border;
    int height = mask->Ysize + 2 * border;
    size_t size = (size_t)width * height * 4 * sizeof(guint16);
    g_autofree guint16 *pixels = g_malloc0(size);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int mx = x - border, my = y - border;
            bool inside = mx >= 0 && my >= 0 && mx < mask->Xsize && my < mask->Ysize;
            double cover = inside ? *VIPS_IMAGE_ADDR(mask, mx, my) / 255.0 : 0;
            ink(pixels + 4 * ((size_t)y * width + x), cover, color, box);
        }
    return vips_image_new_from_memory_copy(pixels, size, width, height, 4, VIPS_FORMAT_USHORT);
}

bool still_text(struct still *still, struct failure *failure, const char *text, const char *font,
                struct rgba color, struct rgba box, int x, int y)
{
    g_autofree char *fonts = NULL;
    if (!glyphs_check_text(text, "text", &fonts, failure))
        return false;
    if (fonts)
        still_note(still, "text: %s", fonts);
    g_autoptr(VipsImage) mask = text_mask(text, font, false, failure);
    if (!mask)
        return false;
    g_autoptr(VipsImage) raw = plate(mask, padding(font), color, box);
    g_autoptr(VipsImage) layer = NULL;
    if (!raw || vips_copy(raw, &layer, "interpretation", VIPS_INTERPRETATION_RGB16, NULL))
        return fail_vips(failure, FAIL_MEMORY, "the text can't be set");
    return still_blend(still, failure, "the text can't be laid", layer, 1, x, y);
}
