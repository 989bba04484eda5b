/* SPDX-License-Identifier: GPL-3.0-or-later
 * Texts in EXIF, XMP and PNG's chunks. */
#include "words.h"

#include "dates.h"
#include "exif.h"
#include "tags.h"

#include <string.h>

/* libvips cuts a text at its last "(" when it ends in ")", as its own form of a field does. */
static const char tail_mark[] = " (text)";

void text_set(VipsImage *image, const char *field, const char *value)
{
    g_autofree char *text = g_strconcat(value, tail_mark, NULL);
    vips_image_set_string(image, field, text);
}

/* What chunks of a PNG say; NULL: nothing that is understood. */
static char *png_text(VipsImage *image, enum xmp_name name)
{
    const char *words;
    if (!vips_image_get_typeof(image, still_texts[name].png) ||
        vips_image_get_string(image, still_texts[name].png, &words) || !*words)
        return NULL;
    return name == XMP_DATE_CREATED ? date_of_png(words) : g_strdup(words);
}

struct text text_of_source(VipsImage *image, enum xmp_name name, GBytes *exif, GBytes *xmp)
{
    char *value = exif ? exif_text(exif, still_texts[name].exif) : NULL;
    if (!value && xmp)
        value = xmp_text(xmp, name);
    char *png = value ? NULL : png_text(image, name);
    return (struct text){.value = png ? png : value, .png = png};
}

char *text_of_step(VipsImage *image, enum xmp_name name)
{
    const char *text = NULL;
    return vips_image_get_typeof(image, still_texts[name].field) &&
                   !vips_image_get_string(image, still_texts[name].field, &text) &&
                   g_str_has_suffix(text, tail_mark)
               ? g_strndup(text, strlen(text) - strlen(tail_mark))
               : NULL;
}

bool text_is_field(VipsImage *image, const char *field)
{
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        if (strcmp(field, still_texts[name].field) == 0)
            return true;
        g_autofree char *text =
            strcmp(field, still_texts[name].png) == 0 ? png_text(image, name) : NULL;
        if (text)
            return true;
    }
    return false;
}
