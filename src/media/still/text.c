/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words on stills, set by Pango through libvips. */
#include "media/still.h"

#include "../chain/private.h"
#include "../text/text_mask.h"
#include "media/glyphs.h"
#include "private.h"

#include <math.h>

int text_border(int size)
{
    return MAX(1, (int)lround(size / 3.0));
}

struct setting text_setting(const struct text_look *look, int width)
{
    const struct laid *laid = &look->laid;
    const int beside = laid->across == 0.5 ? 0 : 2 * laid->margin;
    return (struct setting){
        .family = PICTURE_FONT,
        .size_px = look->size,
        .most_px = MAX(width - beside - 2 * text_border(look->size), look->size),
        .across = laid->across,
        .steady = look->counter != TEXT_STILL,
    };
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
VipsImage *text_mask(const char *text, const struct setting *setting, struct failure *failure)
{
    const char *bar = setting->steady ? "<span alpha=\"1%\">|</span>" : "";
    g_autofree char *plain = g_utf8_make_valid(text, -1);
    g_autofree char *escaped = g_markup_escape_text(plain, -1);
    g_autofree char *markup = g_strconcat(bar, escaped, bar, NULL);
    g_autofree char *font = g_strdup_printf("%s %d", setting->family, setting->size_px);
    const VipsAlign align = setting->across == 0     ? VIPS_ALIGN_LOW
                            : setting->across == 0.5 ? VIPS_ALIGN_CENTRE
                                                     : VIPS_ALIGN_HIGH;
    g_autoptr(VipsImage) mask = NULL;
    VipsImage *memory = NULL;
    if (!still_start(failure))
        return NULL;
    if (vips_text(&mask, markup, "font", font, "dpi", 72, "width", setting->most_px, "wrap",
                  VIPS_TEXT_WRAP_WORD_CHAR, "align", align, NULL) ||
        !(memory = vips_image_copy_memory(mask)))
        fail_vips(failure, FAIL_CONFIG, "the text can't be set");
    if (memory && setting->steady)
        wipe_bars(memory);
    return memory;
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

bool still_text(struct still *still, struct failure *failure, const struct text_look *look)
{
    const struct still_shape shape = still_shape(still);
    const struct laid *laid = &look->laid;
    const struct setting setting = text_setting(look, shape.width);
    g_autofree char *fonts = NULL;
    if (!glyphs_check_text(look->text, "text", &fonts, failure))
        return false;
    if (fonts)
        still_note(still, "text: %s", fonts);
    g_autoptr(VipsImage) mask = text_mask(look->text, &setting, failure);
    if (!mask)
        return false;
    g_autoptr(VipsImage) raw = plate(mask, text_border(look->size), look->color, look->box);
    g_autoptr(VipsImage) layer = NULL;
    if (!raw || vips_copy(raw, &layer, "interpretation", VIPS_INTERPRETATION_RGB16, NULL))
        return fail_vips(failure, FAIL_MEMORY, "the text can't be set");
    if (layer->Ysize > shape.height)
        still_note(still, TEXT_TOO_HIGH, layer->Ysize, shape.height);
    return still_blend(still, failure, "the text can't be laid", layer, 1,
                       laid_along(laid->across, shape.width, layer->Xsize, laid->margin, 1),
                       laid_along(laid->down, shape.height, layer->Ysize, laid->margin, 1));
}
