/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still says about itself: tags in EXIF and XMP, and what is left out. */
#include "media/still.h"

#include "../write_private.h"
#include "dates.h"
#include "iptc.h"
#include "said.h"
#include "sayings.h"
#include "tags.h"
#include "told.h"

#include <string.h>

static int own(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_copy(in, out, NULL);
}

bool still_own_header(struct still *still, struct failure *failure)
{
    return still_each(still, failure, "tags can't be changed", own, NULL);
}

bool still_tag(struct still *still, struct failure *failure, const char *name, const char *value)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(still_texts); i++)
        if (g_strcmp0(still_texts[i].name, name) == 0) {
            if (!still_own_header(still, failure))
                return false;
            text_set(still_first(still), still_texts[i].field, value ? value : "");
            return true;
        }
    still_note(still, "a still can't hold the tag %s", name);
    return true;
}

static GBytes *blob(VipsImage *image, const char *field)
{
    const void *data;
    size_t size;
    if (!vips_image_get_typeof(image, field) || vips_image_get_blob(image, field, &data, &size))
        return NULL;
    return g_bytes_new(data, size);
}

static const char by_step[] = "a `metadata` step says so";

static bool has_place(const struct still_format *format, const char *field)
{
    return g_str_has_prefix(field, PNG_TEXT) ? g_strcmp0(format->name, "png") == 0
           : strcmp(field, "iptc-data") == 0 ? format->iptc
                                             : true;
}

/* Why a field goes. */
static char *why_not(const struct still_field *row, unsigned kept,
                     const struct still_format *format)
{
    if (row->kept_by & kept || format->bare)
        return g_strdup_printf("%s output has no place for it", format->name);
    return g_strdup(row->why ? row->why : "the output's `metadata` leaves it out");
}

/* Of all that isn't a text. */
static void tell_fields(VipsImage *image, GPtrArray *told)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++) {
        const struct still_field *row = still_field(*field);
        g_autofree char *keyword = still_field_keyword(*field);
        const char *what = keyword ? keyword : row->what;
        if (what && !still_field_is_picture(*field) && !text_is_field(image, *field) &&
            !(row->kept_by & META_DATE))
            told_tell(told, row->keep, what);
    }
}

/* Texts as they come to a still's file, of its source or of a step. */
static void tell_texts_gone(VipsImage *image, const char *why, GPtrArray *told)
{
    g_autoptr(GBytes) exif = blob(image, VIPS_META_EXIF_NAME);
    g_autoptr(GBytes) xmp = blob(image, VIPS_META_XMP_NAME);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        g_autofree char *set = text_of_step(image, name);
        g_autofree char *there = text_of_source(image, name, exif, xmp).value;
        const char *value = set ? set : there;
        told_drop(told, still_texts[name].keep, value && *value ? still_texts[name].what : NULL,
                  why);
    }
}

static const char xmp_place[] = "XMP's GPS";

void still_tell_all(VipsImage *image, const char *why, GPtrArray *told)
{
    tell_texts_gone(image, why, told);
    tell_fields(image, told);
    g_autoptr(GBytes) xmp = blob(image, VIPS_META_XMP_NAME);
    if (xmp && xmp_has_coordinates(xmp))
        told_tell(told, KEEP_LOCATION, xmp_place);
    for (guint i = 0; i < told->len; i++) {
        const struct carried_row *row = told->pdata[i];
        told_drop(told, row->keep, row->what, why);
    }
}

/* Removes the fields that `kept` doesn't name or the format has no place for, and says so. Texts
 * apart, and what XMP says of a date with it. */
static void strip(VipsImage *image, unsigned kept, const struct still_format *format,
                  GPtrArray *told)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++) {
        const struct still_field *row = still_field(*field);
        bool keeps = row->kept_by & kept;
        if (still_field_is_picture(*field) || (keeps && has_place(format, *field)))
            continue;
        g_autofree char *keyword = still_field_keyword(*field);
        g_autofree char *why = why_not(row, kept, format);
        if (!text_is_field(image, *field) && !(keeps && (row->kept_by & META_DATE)))
            told_drop(told, row->keep, keyword ? keyword : row->what, why);
        vips_image_remove(image, *field);
    }
}

bool still_strip(struct still *still, struct failure *failure)
{
    if (!still_own_header(still, failure))
        return false;
    g_autoptr(GPtrArray) told = carried_new();
    VipsImage *image = still_first(still);
    tell_texts_gone(image, NULL, told);
    static const struct still_format any = {.iptc = true};
    strip(image, 0, &any, told);
    told_note(still, told);
    for (guint i = 0; i < told->len; i++) {
        struct carried_row *row = told->pdata[i];
        row->fate = FATE_CHANGED;
        g_free(row->why);
        row->why = g_strdup(by_step);
    }
    told_keep(still, told);
    return true;
}

/* The policies as sets. */
static unsigned kept_by(const struct encode_image *encode)
{
    if (encode->metadata & META_ARCHIVE)
        return ~0u;
    if (encode->metadata & META_NONE)
        return 0;
    return encode->metadata & ~(unsigned)META_WEB
               ? encode->metadata
               : META_TITLE | META_DESCRIPTION | META_ARTIST | META_COPYRIGHT | META_DATE;
}

static void sayings_clear(struct sayings *sayings)
{
    g_clear_pointer(&sayings->exif, g_bytes_unref);
    g_clear_pointer(&sayings->xmp, g_bytes_unref);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        g_free(sayings->texts[name].value);
    g_ptr_array_unref(sayings->told);
}

/* What became of one that the source has, or a step gave it. */
static void tell_text(const struct sayings *sayings, enum xmp_name name, const char *before)
{
    const struct text *text = &sayings->texts[name];
    const char *what = still_texts[name].what;
    const char *after = text->value && *text->value ? text->value : NULL;
    if (before) {
        struct carried_row *row = told_tell(sayings->told, still_texts[name].keep, what);
        row->before = g_strdup(before);
        row->after = g_strdup(after);
        row->fate = text->set && g_strcmp0(before, after) != 0 ? FATE_CHANGED : FATE_KEPT;
        row->why = row->fate == FATE_CHANGED ? g_strdup(by_step) : NULL;
    }
    if (after && !(sayings->kept & still_texts[name].kept_by))
        told_drop(sayings->told, still_texts[name].keep, what,
                  sayings->format->bare ? "the format has no place for it"
                                        : "the output's `metadata` leaves it out");
}

static void gather_text(struct sayings *sayings, enum xmp_name name)
{
    struct text *text = &sayings->texts[name];
    char *set = text_of_step(sayings->image, name);
    *text = text_of_source(sayings->image, name, sayings->exif, sayings->xmp);
    g_autofree char *before = g_strdup(text->value);
    if (set) {
        g_free(text->value);
        *text = (struct text){.value = set, .set = true};
        vips_image_remove(sayings->image, still_texts[name].png);
    }
    tell_text(sayings, name, before);
    if (!(sayings->kept & still_texts[name].kept_by))
        g_clear_pointer(&text->value, g_free);
}

static void tell_unnamed(const struct sayings *sayings)
{
    const struct still_field *row = still_field("exif-ifd0-");
    if (!sayings->exif || !exif_has_unnamed(sayings->exif))
        return;
    g_autofree char *why = why_not(row, sayings->kept, sayings->format);
    if (row->kept_by & sayings->kept)
        told_tell(sayings->told, row->keep, row->what);
    else
        told_drop(sayings->told, row->keep, row->what, why);
}

static void gather(struct sayings *sayings)
{
    sayings->exif = blob(sayings->image, VIPS_META_EXIF_NAME);
    sayings->xmp = blob(sayings->image, VIPS_META_XMP_NAME);
    if (sayings->exif && sayings->kept != ~0u && g_bytes_get_size(sayings->exif) > EXIF_BYTES_MAX)
        told_drop(sayings->told, KEEP_TAGS, "what is behind the first 64 kB of EXIF", NULL);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        gather_text(sayings, name);
    tell_fields(sayings->image, sayings->told);
    tell_unnamed(sayings);
    if (sayings->xmp && xmp_has_coordinates(sayings->xmp))
        told_tell(sayings->told, KEEP_LOCATION, xmp_place);
}

/* Of a place that XMP says, once it is known whether XMP stays. */
static void tell_place(const struct sayings *sayings)
{
    const struct carried_row *exif = told_row(sayings->told, "GPS");
    struct carried_row *row = told_row(sayings->told, xmp_place);
    if (!row || !told_dropped(sayings->told, "XMP"))
        return;
    const bool known = exif && exif->fate == FATE_KEPT;
    row->fate = known ? FATE_CHANGED : FATE_DROPPED;
    row->why = g_strdup(known ? "EXIF says it" : "XMP isn't kept");
}

char *sayings_text(const struct sayings *sayings, enum xmp_name name, bool exif)
{
    const char *value = sayings->texts[name].value;
    if (!value || name != XMP_DATE_CREATED || exif != (strchr(value, '-') != NULL))
        return g_strdup(value);
    return exif ? date_for_exif(value) : date_for_xmp(sayings->exif, value);
}

static void note_iptc(struct still *still, const struct sayings *sayings)
{
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        if (sayings->texts[name].set &&
            vips_image_get_typeof(sayings->image, VIPS_META_IPTC_NAME)) {
            still_note(still,
                       "IPTC is kept as it was: it may say other than the tags that are set");
            return;
        }
}

bool still_apply_metadata(struct still *still, const struct encode_image *encode,
                          const struct still_format *format, struct failure *failure)
{
    if (!still_own_header(still, failure))
        return false;
    struct sayings sayings = {.image = still_first(still),
                              .format = format,
                              .kept = format->bare ? 0 : kept_by(encode),
                              .told = carried_new()};
    gather(&sayings);
    still->exif = sayings_whole_exif(&sayings);
    if (still->exif && format->exif_tags &&
        vips_image_get_typeof(sayings.image, "exif-ifd2-MakerNote"))
        told_drop(sayings.told, KEEP_TAGS, "maker note", still_note_moved);
    if (still->exif)
        sayings_remove_exif(sayings.image);
    if (still->exif && sayings.texts[XMP_DATE_CREATED].png && !sayings.xmp && !format->xmp)
        told_drop(sayings.told, KEEP_DATES, still_texts[XMP_DATE_CREATED].what,
                  "EXIF is kept as it was");
    strip(sayings.image, sayings.kept, format, sayings.told);
    bool fine = true;
    if (!still->exif && sayings.kept) {
        if (sayings.exif && sayings.kept == ~0u)
            told_drop(sayings.told, KEEP_TAGS, "parts of EXIF (damaged, or more than 64 kB)", NULL);
        still->exif = sayings_new_exif(&sayings, failure);
        sayings_remove_exif(sayings.image);
        fine = still->exif;
    }
    sayings_put_xmp(&sayings);
    sayings_thin_iptc(&sayings);
    note_iptc(still, &sayings);
    iptc_fit(sayings.image, format);
    tell_place(&sayings);
    told_note(still, sayings.told);
    told_keep(still, sayings.told);
    sayings_clear(&sayings);
    return fine;
}
