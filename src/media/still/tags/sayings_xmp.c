/* SPDX-License-Identifier: GPL-3.0-or-later
 * The XMP and the IPTC that a still is written with. */
#include "sayings.h"

#include "iptc.h"
#include "told.h"

static bool says_in_xmp(const struct sayings *sayings, enum xmp_name name)
{
    g_autofree char *there = sayings->xmp ? xmp_text(sayings->xmp, name) : NULL;
    return there != NULL;
}

/* "XMP's City, XMP's GPS": what of a block that is kept goes. */
static void say_gone(const struct sayings *sayings, const char *whose, const GPtrArray *gone)
{
    for (guint i = 0; i < gone->len; i++) {
        const char *name = gone->pdata[i];
        g_autofree char *what = g_strdup_printf("%s's %s", whose, name);
        told_drop(sayings->told, xmp_is_serial(name) ? KEEP_TAGS : KEEP_LOCATION, what,
                  "the output's `metadata` leaves it out");
    }
}

/* Of XMP, as of EXIF. */
static unsigned without(const struct sayings *sayings)
{
    return (sayings->kept & META_GPS ? 0 : XMP_COORDINATES | XMP_PLACES) |
           (sayings->kept == ~0u ? 0 : XMP_SERIALS);
}

static GBytes *new_xmp(const struct sayings *sayings, bool keeps)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    char *texts[XMP_NAMES] = {0};
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        if (sayings->texts[name].set || sayings->texts[name].png ||
            (sayings->format->xmp && !(keeps && says_in_xmp(sayings, name))))
            texts[name] = sayings_text(sayings, name, false);
    GBytes *xmp = xmp_edited(keeps ? sayings->xmp : NULL, texts, sayings->image->Xsize,
                             sayings->image->Ysize, without(sayings), gone);
    say_gone(sayings, "XMP", gone);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        g_free(texts[name]);
    return xmp;
}

/* XMP Specification Part 2 (2012), 8.4: what Exif 2.2's XMP called so has that name since, and the
 * toolkit writes it. */
static void tell_renamed(const struct sayings *sayings)
{
    gsize size;
    const char *words = sayings->xmp ? g_bytes_get_data(sayings->xmp, &size) : NULL;
    if (!words || !told_row(sayings->told, "XMP") || told_dropped(sayings->told, "XMP") ||
        !g_strstr_len(words, (gssize)size, "exif:DateTimeDigitized"))
        return;
    struct carried_row *row = told_tell(sayings->told, KEEP_TAGS, "XMP's exif:DateTimeDigitized");
    row->fate = FATE_CONVERTED;
    row->why = g_strdup("it is xmp:CreateDate now");
}

void sayings_put_xmp(const struct sayings *sayings)
{
    VipsImage *image = sayings->image;
    bool keeps = sayings->xmp && (sayings->kept & META_XMP);
    if (!keeps && !(sayings->kept && sayings->format->xmp))
        return;
    g_autoptr(GBytes) xmp = new_xmp(sayings, keeps);
    if (xmp) {
        gsize size;
        const void *data = g_bytes_get_data(xmp, &size);
        vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, data, size);
    } else if (keeps && sayings->kept != ~0u) {
        vips_image_remove(image, VIPS_META_XMP_NAME);
        told_drop(sayings->told, KEEP_TAGS, "XMP", "nothing is left of it");
    }
    tell_renamed(sayings);
}

/* "IPTC (damaged)" is all that is said of one that is gone. */
static void say_damaged(const struct sayings *sayings)
{
    const bool left = vips_image_get_typeof(sayings->image, VIPS_META_IPTC_NAME);
    struct carried_row *row = left ? NULL : told_row(sayings->told, "IPTC");
    if (row)
        g_ptr_array_remove(sayings->told, row);
    told_drop(sayings->told, KEEP_TAGS, left ? "parts of IPTC (damaged)" : "IPTC (damaged)", NULL);
}

void sayings_thin_iptc(const struct sayings *sayings)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    bool others = false;
    if (sayings->kept == ~0u)
        return;
    if (!iptc_thin(sayings->image, sayings->kept & META_GPS, gone, &others))
        say_damaged(sayings);
    say_gone(sayings, "IPTC", gone);
    if (others)
        told_drop(sayings->told, KEEP_TAGS, "Photoshop data",
                  "the output's `metadata` leaves it out");
}
