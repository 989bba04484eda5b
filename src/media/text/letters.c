/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for pictures that code of ours draws. */
#include "media/letters.h"

#include "../still/private.h"
#include "media/chain.h"
#include "text_mask.h"

static VipsImage *set(const char *text, int size_px, struct failure *failure)
{
    const struct setting setting = {.family = PICTURE_FONT, .size_px = size_px, .steady = true};
    return text_mask(text, &setting, failure);
}

/* So many of its characters, and that some are missing. */
static char *shortened(const char *text, glong length)
{
    g_autofree char *part = g_utf8_substring(text, 0, length);
    return g_strconcat(g_strchomp(part), "…", NULL);
}

bool letters_set(struct letters *letters, const char *text, int size_px, int most_px,
                 struct failure *failure)
{
    g_autofree char *whole = g_utf8_make_valid(text, -1);
    g_autoptr(VipsImage) mask = set(whole, size_px, failure);
    for (glong length = g_utf8_strlen(whole, -1); mask && mask->Xsize > most_px && length > 1;) {
        length = MIN(length - 1, length * most_px / mask->Xsize);
        g_autofree char *part = shortened(whole, length);
        g_object_unref(mask);
        mask = set(part, size_px, failure);
    }
    if (!mask)
        return false;
    letters->width = mask->Xsize;
    letters->height = mask->Ysize;
    letters->cover = g_malloc((gsize)mask->Xsize * (gsize)mask->Ysize);
    for (int y = 0; y < mask->Ysize; y++)
        memcpy(letters->cover + (gsize)y * (gsize)mask->Xsize, VIPS_IMAGE_ADDR(mask, 0, y),
               (gsize)mask->Xsize);
    return true;
}

void letters_finish(struct letters *letters)
{
    g_free(letters->cover);
    *letters = (struct letters){0};
}
