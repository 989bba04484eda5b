/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still says about itself: tags in EXIF and XMP, and what is left out. */
#include "media/still.h"

#include "png_chunks.h"
#include "still_dates.h"
#include "still_exif.h"
#include "still_iptc.h"
#include "still_said.h"
#include "still_told.h"
#include "still_write_private.h"
#include "still_xmp.h"

#include <string.h>

/* The texts, as the Metadata Working Group pairs EXIF and XMP (Guidelines 2.0, 5), with PNG's
 * keywords for them (PNG Third Edition, 11.3.3.1). The date, which no step sets, has no name. */
static const struct {
    const char *name, *field, *png;
    enum exif_tag exif;
    unsigned kept_by; /* enum still_metadata */
    const char *what;
    enum keep keep;
} tags[XMP_NAMES] = {
    [XMP_TITLE] = {"title", "exif-ifd0-DocumentName", PNG_TEXT "Title", EXIF_DOCUMENT_NAME,
                   META_TITLE, "title", KEEP_TAGS},
    [XMP_DESCRIPTION] = {"description", "exif-ifd0-ImageDescription", PNG_TEXT "Description",
                         EXIF_IMAGE_DESCRIPTION, META_DESCRIPTION, "description", KEEP_TAGS},
    [XMP_CREATOR] = {"artist", "exif-ifd0-Artist", PNG_TEXT "Author", EXIF_ARTIST, META_ARTIST,
                     "artist", KEEP_TAGS},
    [XMP_RIGHTS] = {"copyright", "exif-ifd0-Copyright", PNG_TEXT "Copyright", EXIF_COPYRIGHT,
                    META_COPYRIGHT, "copyright", KEEP_TAGS},
    [XMP_DATE_CREATED] = {NULL, "exif-ifd2-DateTimeOriginal", PNG_TEXT "Creation Time",
                          EXIF_DATE_TIME_ORIGINAL, META_DATE, "date taken", KEEP_DATES},
};

/* What else there is, by how libvips' names of it begin (Exif 2.32, 4.6), which sets keep it, and
 * what people call it; the first row that fits. Without a word: it tells of the file, and is made
 * anew with it. A maker note can't be read once it is moved, and a thumbnail shows the picture as
 * it was. */
static const struct row {
    const char *field;
    unsigned kept_by;
    const char *what;
    enum keep keep;
} rows[] = {
    {"exif-ifd3-", META_ARCHIVE | META_GPS, "GPS", KEEP_LOCATION},
    {"exif-ifd2-MakerNote", 0, "maker note", KEEP_TAGS},
    {"exif-ifd2-BodySerialNumber", META_ARCHIVE, "serial numbers", KEEP_TAGS},
    {"exif-ifd2-LensSerialNumber", META_ARCHIVE, "serial numbers", KEEP_TAGS},
    {"exif-ifd2-CameraOwnerName", META_ARCHIVE, "owner's name", KEEP_TAGS},
    {"exif-ifd2-OffsetTimeOriginal", META_ARCHIVE | META_DATE, "date taken", KEEP_DATES},
    {"exif-ifd2-OffsetTime", META_ARCHIVE, "other dates", KEEP_TAGS},
    {"exif-ifd2-SubSecTimeOriginal", META_ARCHIVE | META_DATE, "date taken", KEEP_DATES},
    {"exif-ifd2-SubSecTime", META_ARCHIVE, "other dates", KEEP_TAGS},
    {"exif-ifd2-DateTimeDigitized", META_ARCHIVE, "other dates", KEEP_TAGS},
    {"exif-ifd2-ExifVersion", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd2-ComponentsConfiguration", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd2-FlashpixVersion", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd2-ColorSpace", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd2-Pixel", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd2-ExposureTime", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-FNumber", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-ISOSpeedRatings", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-PhotographicSensitivity", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-ExposureBiasValue", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-ExposureProgram", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-MeteringMode", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-Flash", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-WhiteBalance", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-FocalLength", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-LensMake", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-LensModel", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS},
    {"exif-ifd2-", META_ARCHIVE, "other EXIF", KEEP_TAGS},
    {"exif-ifd0-Make", META_ARCHIVE | META_CAMERA, "camera", KEEP_TAGS},
    {"exif-ifd0-Model", META_ARCHIVE | META_CAMERA, "camera", KEEP_TAGS},
    {"exif-ifd0-Orientation", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-XResolution", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-YResolution", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-ResolutionUnit", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-YCbCrPositioning", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-ImageWidth", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-ImageLength", META_ARCHIVE, NULL, KEEP_TAGS},
    {"exif-ifd0-", META_ARCHIVE, "other EXIF", KEEP_TAGS},
    {"xmp-data", META_ARCHIVE | META_XMP, "XMP", KEEP_TAGS},
    {"iptc-data", META_ARCHIVE | META_IPTC, "IPTC", KEEP_TAGS},
    {"jpeg-thumbnail-data", 0, "thumbnail", KEEP_ATTACHMENTS},
};

static const struct row *row_of(const char *field)
{
    static const struct row none = {.kept_by = META_ARCHIVE, .keep = KEEP_TAGS};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_prefix(field, rows[i].field))
            return &rows[i];
    return &none;
}

static int own(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_copy(in, out, NULL);
}

bool still_own_header(struct still *still, struct failure *failure)
{
    return still_each(still, failure, "tags can't be changed", own, NULL);
}

/* libvips cuts a text at its last "(" when it ends in ")", as its own form of a field does. */
static const char tail_mark[] = " (text)";

static void set_tag(VipsImage *image, const char *field, const char *value)
{
    g_autofree char *text = g_strconcat(value, tail_mark, NULL);
    vips_image_set_string(image, field, text);
}

bool still_tag(struct still *still, struct failure *failure, const char *name, const char *value)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        if (g_strcmp0(tags[i].name, name) == 0) {
            if (!still_own_header(still, failure))
                return false;
            set_tag(still_first(still), tags[i].field, value ? value : "");
            return true;
        }
    still_note(still, "a still can't hold the tag %s", name);
    return true;
}

/* A text of the picture; "" where a step removed it. */
struct text {
    char *value;
    bool set; /* by a step */
    bool png; /* a PNG's chunk alone says it */
};

static GBytes *blob(VipsImage *image, const char *field)
{
    const void *data;
    size_t size;
    if (!vips_image_get_typeof(image, field) || vips_image_get_blob(image, field, &data, &size))
        return NULL;
    return g_bytes_new(data, size);
}

/* What chunks of a PNG say; NULL: nothing that is understood. */
static char *png_text(VipsImage *image, enum xmp_name name)
{
    const char *words;
    if (!vips_image_get_typeof(image, tags[name].png) ||
        vips_image_get_string(image, tags[name].png, &words) || !*words)
        return NULL;
    return name == XMP_DATE_CREATED ? date_of_png(words) : g_strdup(words);
}

/* What EXIF says; else XMP; else a PNG. */
static struct text text_of_source(VipsImage *image, enum xmp_name name, GBytes *exif, GBytes *xmp)
{
    char *value = exif ? exif_text(exif, tags[name].exif) : NULL;
    if (!value && xmp)
        value = xmp_text(xmp, name);
    char *png = value ? NULL : png_text(image, name);
    return (struct text){.value = png ? png : value, .png = png};
}

/* What a step set; NULL: none did. */
static char *text_of_step(VipsImage *image, enum xmp_name name)
{
    const char *text = NULL;
    return vips_image_get_typeof(image, tags[name].field) &&
                   !vips_image_get_string(image, tags[name].field, &text) &&
                   g_str_has_suffix(text, tail_mark)
               ? g_strndup(text, strlen(text) - strlen(tail_mark))
               : NULL;
}

static const char by_step[] = "a `metadata` step says so";

static bool is_picture(const char *field)
{
    static const char *const kept[] = {VIPS_META_ICC_NAME, "delay",   "loop",      "gif-delay",
                                       "gif-loop",         "n-pages", "background"};
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (strcmp(field, kept[i]) == 0)
            return true;
    return false;
}

static bool is_text(VipsImage *image, const char *field)
{
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        if (strcmp(field, tags[name].field) == 0)
            return true;
        g_autofree char *text = strcmp(field, tags[name].png) == 0 ? png_text(image, name) : NULL;
        if (text)
            return true;
    }
    return false;
}

static bool has_place(const struct still_format *format, const char *field)
{
    return g_str_has_prefix(field, PNG_TEXT) ? g_strcmp0(format->name, "png") == 0
           : strcmp(field, "iptc-data") == 0 ? format->iptc
                                             : true;
}

/* What a field of a PNG's text is called: ImageMagick's "exif:Make" and the like by their kind.
 * NULL of others. */
static char *keyword_of(const char *field)
{
    if (!g_str_has_prefix(field, PNG_TEXT))
        return NULL;
    const char *keyword = field + strlen(PNG_TEXT), *colon = strchr(keyword, ':');
    return colon ? g_strdup_printf("the texts \"%.*s:…\"", (int)(colon - keyword), keyword)
                 : g_strdup_printf("the text \"%s\"", keyword);
}

/* Why a field goes. */
static char *why_not(const struct row *row, unsigned kept, const struct still_format *format)
{
    if (row->kept_by & kept || format->bare)
        return g_strdup_printf("%s output has no place for it", format->name);
    return g_strdup(row->kept_by ? "the output's `metadata` leaves it out"
                                 : "it isn't true of the new picture");
}

/* Of all that isn't a text. */
static void tell_fields(VipsImage *image, GPtrArray *told)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++) {
        const struct row *row = row_of(*field);
        g_autofree char *keyword = keyword_of(*field);
        const char *what = keyword ? keyword : row->what;
        if (what && !is_picture(*field) && !is_text(image, *field) && !(row->kept_by & META_DATE))
            told_tell(told, row->keep, what);
    }
}

/* Removes the fields that `kept` doesn't name or the format has no place for, and says so. Texts
 * apart, and what XMP says of a date with it. */
static void strip(VipsImage *image, unsigned kept, const struct still_format *format,
                  GPtrArray *told)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++) {
        const struct row *row = row_of(*field);
        bool keeps = row->kept_by & kept;
        if (is_picture(*field) || (keeps && has_place(format, *field)))
            continue;
        g_autofree char *keyword = keyword_of(*field);
        g_autofree char *why = why_not(row, kept, format);
        if (!is_text(image, *field) && !(keeps && (row->kept_by & META_DATE)))
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
    g_autoptr(GBytes) exif = blob(image, VIPS_META_EXIF_NAME);
    g_autoptr(GBytes) xmp = blob(image, VIPS_META_XMP_NAME);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        g_autofree char *set = text_of_step(image, name);
        g_autofree char *there = text_of_source(image, name, exif, xmp).value;
        const char *value = set ? set : there;
        told_drop(told, tags[name].keep, value && *value ? tags[name].what : NULL, NULL);
    }
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

/* What the source and the steps say, on the way to the file. */
struct sayings {
    VipsImage *image;
    const struct still_format *format;
    unsigned kept; /* enum still_metadata; ~0: all */
    GBytes *exif, *xmp;
    struct text texts[XMP_NAMES];
    GPtrArray *told; /* struct carried_row */
};

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
    const char *what = tags[name].what, *after = text->value && *text->value ? text->value : NULL;
    if (before) {
        struct carried_row *row = told_tell(sayings->told, tags[name].keep, what);
        row->before = g_strdup(before);
        row->after = g_strdup(after);
        row->fate = text->set && g_strcmp0(before, after) != 0 ? FATE_CHANGED : FATE_KEPT;
        row->why = row->fate == FATE_CHANGED ? g_strdup(by_step) : NULL;
    }
    if (after && !(sayings->kept & tags[name].kept_by))
        told_drop(sayings->told, tags[name].keep, what,
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
        vips_image_remove(sayings->image, tags[name].png);
    }
    tell_text(sayings, name, before);
    if (!(sayings->kept & tags[name].kept_by))
        g_clear_pointer(&text->value, g_free);
}

static void tell_unnamed(const struct sayings *sayings)
{
    const struct row *row = row_of("exif-ifd0-");
    if (!sayings->exif || !exif_has_unnamed(sayings->exif))
        return;
    g_autofree char *why = why_not(row, sayings->kept, sayings->format);
    if (row->kept_by & sayings->kept)
        told_tell(sayings->told, row->keep, row->what);
    else
        told_drop(sayings->told, row->keep, row->what, why);
}

static const char xmp_place[] = "XMP's GPS";

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

/* A text in the form of EXIF or of XMP; NULL: there's none. */
static char *text_in(const struct sayings *sayings, enum xmp_name name, bool exif)
{
    const char *value = sayings->texts[name].value;
    if (!value || name != XMP_DATE_CREATED || exif != (strchr(value, '-') != NULL))
        return g_strdup(value);
    return exif ? date_for_exif(value) : date_for_xmp(sayings->exif, value);
}

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

/* All of EXIF as it is but for what the steps changed; NULL where that can't be. */
static GBytes *whole_exif(const struct sayings *sayings)
{
    struct exif_edit edits[XMP_NAMES];
    if (!sayings->exif || sayings->kept != ~0u)
        return NULL;
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        edits[name] = (struct exif_edit){
            tags[name].exif, is_news(sayings, name) ? sayings->texts[name].value : NULL};
    GBytes *exif = exif_edited(sayings->exif, edits, XMP_NAMES, sayings->image->Xsize,
                               sayings->image->Ysize, is_srgb(sayings->image));
    if (exif && g_bytes_get_size(exif) > EXIF_BYTES_MAX)
        g_clear_pointer(&exif, g_bytes_unref);
    return exif;
}

static void remove_exif(VipsImage *image)
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
            told_drop(sayings->told, row_of(*field)->keep, row_of(*field)->what, why);
}

/* By libvips; without what it can't lay out, which is said. */
static GBytes *exif_by_fields(const struct sayings *sayings, const char *date,
                              struct failure *failure)
{
    struct failure first = {FAIL_NONE, NULL};
    VipsImage *image = sayings->image;
    if (date && *date)
        set_tag(image, tags[XMP_DATE_CREATED].field, date);
    GBytes *made = exif_of_fields(image, &first);
    failure_clear(&first);
    if (made)
        return made;
    say_exif(sayings);
    remove_exif(image);
    return exif_of_fields(image, failure);
}

/* What is kept of EXIF, and the texts in it: libexif knows no form for some of them. */
static GBytes *new_exif(const struct sayings *sayings, struct failure *failure)
{
    VipsImage *image = sayings->image;
    struct exif_edit edits[XMP_NAMES];
    char *texts[XMP_NAMES];
    for (enum xmp_name name = 0; name < XMP_NAMES; name++) {
        texts[name] = text_in(sayings, name, true);
        edits[name] = (struct exif_edit){tags[name].exif, texts[name]};
        vips_image_remove(image, tags[name].field);
        if (!texts[name] && sayings->texts[name].value)
            told_drop(sayings->told, tags[name].keep, tags[name].what, "EXIF has no form for it");
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
            texts[name] = text_in(sayings, name, false);
    GBytes *xmp = xmp_edited(keeps ? sayings->xmp : NULL, texts, sayings->image->Xsize,
                             sayings->image->Ysize, without(sayings), gone);
    say_gone(sayings, "XMP", gone);
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        g_free(texts[name]);
    return xmp;
}

/* The source's, with what the steps changed; a new one where readers look there first. */
static void put_xmp(const struct sayings *sayings)
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

/* "IPTC (damaged)" is all that is said of one that is gone. */
static void say_damaged(const struct sayings *sayings)
{
    const bool left = vips_image_get_typeof(sayings->image, VIPS_META_IPTC_NAME);
    struct carried_row *row = left ? NULL : told_row(sayings->told, "IPTC");
    if (row)
        g_ptr_array_remove(sayings->told, row);
    told_drop(sayings->told, KEEP_TAGS, left ? "parts of IPTC (damaged)" : "IPTC (damaged)", NULL);
}

/* Of IPTC, as of XMP. */
static void thin_iptc(const struct sayings *sayings)
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
    still->exif = whole_exif(&sayings);
    if (still->exif && format->exif_tags &&
        vips_image_get_typeof(sayings.image, "exif-ifd2-MakerNote"))
        told_drop(sayings.told, KEEP_TAGS, "maker note", "it can't be read once it is moved");
    if (still->exif)
        remove_exif(sayings.image);
    if (still->exif && sayings.texts[XMP_DATE_CREATED].png && !sayings.xmp && !format->xmp)
        told_drop(sayings.told, KEEP_DATES, tags[XMP_DATE_CREATED].what, "EXIF is kept as it was");
    strip(sayings.image, sayings.kept, format, sayings.told);
    bool fine = true;
    if (!still->exif && sayings.kept) {
        if (sayings.exif && sayings.kept == ~0u)
            told_drop(sayings.told, KEEP_TAGS, "parts of EXIF (damaged, or more than 64 kB)", NULL);
        still->exif = new_exif(&sayings, failure);
        remove_exif(sayings.image);
        fine = still->exif;
    }
    put_xmp(&sayings);
    tell_renamed(&sayings);
    thin_iptc(&sayings);
    note_iptc(still, &sayings);
    iptc_fit(sayings.image, format);
    tell_place(&sayings);
    told_note(still, sayings.told);
    told_keep(still, sayings.told);
    sayings_clear(&sayings);
    return fine;
}
