/* SPDX-License-Identifier: GPL-3.0-or-later
 * The EXIF that a still is written with. */
#include "sayings.h"

#include "../write_private.h"
#include "tags.h"
#include "told.h"

#include <string.h>

static bool is_srgb(VipsImage *image)
{
    return !vips_image_get_typeof(image, VIPS_META_ICC_NAME) &&
           image->Type != VIPS_INTERPRETATION_CMYK;
}

/* EXIF itself doesn't say it. A date would have to go into an IFD that is kept as it is. */
static bool is_news(const struct sayings *sayings, enum xmp_name name)
{
    const struct text *text = &sayings->texts[name];
    return text->set || (text->png && name != XMP_DATE_CREATED);
}

GBytes *sayings_whole_exif(const struct sayings *sayings)
{
    struct exif_edit edits[XMP_NAMES];
    if (!sayings->exif || sayings->kept != ~0u)
        return NULL;
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        edits[name] = (struct exif_edit){
            still_texts[name].exif, is_news(sayings, name) ? sayings->texts[name].value : NULL};
    GBytes *exif = exif_edited(sayings->exif, edits, XMP_NAMES, sayings->image->Xsize,
                               sayings->image->Ysize, is_srgb(sayings->image));
    if (exif && g_bytes_get_size(exif) > EXIF_BYTES_MAX)
        g_clear_pointer(&exif, g_bytes_unref);
    return exif;
}

void sayings_remove_exif(VipsImage *image)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++)
        if (g_str_has_prefix(*field, "exif-"))
            vips_image_remove(image, *field);
}

static void say_exif(const struct sayings *sayings)
{
    static const char why[] = "its fields can't be laid out anew";
    g_auto(GStrv) fields = vips_image_get_fields(sayings->image);
    told_drop(sayings->told, KEEP_TAGS, "EXIF", why);
    for (char **field = fields; *field; field++)
        if (g_str_has_prefix(*field, "exif-"))
            told_drop(sayings->told, still_field(*field)->keep, still_field(*field)->what, why);
}

/* By libvips; without what it can't lay out, which is said. */
static GBytes *exif_by_fields(const struct sayings *sayings, const char *date,
                              struct failure *failure)
{
    struct failure first = {FAIL_NONE, NULL};
    VipsImage *image = sayings->image;
    if (date && *date)
        text_set(image, still_texts[XMP_DATE_CREATED].field, date);
    GBytes *made = exif_of_fields(image, &first);
    failure_clear(&first);
    if (made)
        return made;
    say_exif(sayings);
    sayings_remove_exif(image);
    return exif_of_fields(image, failure);
}

GBytes *sayings_new_exif(const struct sayings *sayings, struct failure *failure)
{
    VipsImage *image = sayings->image;
    struct exif_edit edits[XMP_NAMES];
    char *texts[XMP_NAMES];
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        texts[name] = sayings_text(sayings, name, true);
        edits[name] = (struct exif_edit){still_texts[name].exif, texts[name]};
        vips_image_remove(image, still_texts[name].field);
        if (!texts[name] && sayings->texts[name].value)
            told_drop(sayings->told, still_texts[name].keep, still_texts[name].what,
                      "EXIF has no form for it");
    }
    g_autoptr(GBytes) made = exif_by_fields(sayings, texts[XMP_DATE_CREATED], failure);
    bool srgb = is_srgb(image);
    GBytes *exif =
        made ? exif_edited(made, edits, XMP_DATE_CREATED, image->Xsize, image->Ysize, srgb) : NULL;
    if (exif && g_bytes_get_size(exif) > EXIF_BYTES_MAX) {
        told_drop(sayings->told, KEEP_TAGS, "texts (more than EXIF can hold)", NULL);
        g_bytes_unref(exif);
        exif = exif_edited(made, NULL, 0, image->Xsize, image->Ysize, srgb);
    }
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        g_free(texts[name]);
    if (made && !exif)
        fail(failure, FAIL_INTERNAL, "EXIF can't be laid out");
    return exif;
}
