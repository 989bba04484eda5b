/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still says about itself: tags in EXIF (TIFF: in XMP), and what is left out. */
#include "media/still.h"

#include "still_write_private.h"

#include <string.h>

enum { DATE_TAKEN = 4 };

/* XMP's names as the Metadata Working Group maps them (Guidelines 2.0, 5). The date, which no step
 * sets, has no name. */
static const struct {
    const char *name, *field, *xmp;
    unsigned kept_by; /* enum still_metadata */
} tags[] = {
    {"title", "exif-ifd0-DocumentName", "dc:title", META_TITLE},
    {"description", "exif-ifd0-ImageDescription", "dc:description", META_DESCRIPTION},
    {"artist", "exif-ifd0-Artist", "dc:creator", META_ARTIST},
    {"copyright", "exif-ifd0-Copyright", "dc:rights", META_COPYRIGHT},
    [DATE_TAKEN] = {NULL, "exif-ifd2-DateTimeOriginal", "photoshop:DateCreated", META_DATE},
};

/* What else a set keeps, by how libvips' names of it begin (Exif 2.32, 4.6). */
static const struct {
    const char *field;
    unsigned kept_by;
} others[] = {
    {"exif-ifd3-", META_GPS},
    {"xmp-data", META_XMP},
    {"iptc-data", META_IPTC},
    {"exif-ifd2-OffsetTimeOriginal", META_DATE},
    {"exif-ifd2-SubSecTimeOriginal", META_DATE},
    {"exif-ifd0-Make", META_CAMERA},
    {"exif-ifd0-Model", META_CAMERA},
    {"exif-ifd2-ExposureTime", META_CAMERA},
    {"exif-ifd2-FNumber", META_CAMERA},
    {"exif-ifd2-ISOSpeedRatings", META_CAMERA},
    {"exif-ifd2-PhotographicSensitivity", META_CAMERA},
    {"exif-ifd2-ExposureBiasValue", META_CAMERA},
    {"exif-ifd2-ExposureProgram", META_CAMERA},
    {"exif-ifd2-MeteringMode", META_CAMERA},
    {"exif-ifd2-Flash", META_CAMERA},
    {"exif-ifd2-WhiteBalance", META_CAMERA},
    {"exif-ifd2-FocalLength", META_CAMERA},
    {"exif-ifd2-LensMake", META_CAMERA},
    {"exif-ifd2-LensModel", META_CAMERA},
};

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
            if (value)
                set_tag(still_first(still), tags[i].field, value);
            else
                vips_image_remove(still_first(still), tags[i].field);
            return true;
        }
    still_note(still, "a still can't hold the tag %s", name);
    return true;
}

/* libvips shows a field as "value (value, ASCII, 5 components, 5 bytes)". */
static char *tag_value(VipsImage *image, const char *field)
{
    const char *text = NULL;
    if (!vips_image_get_typeof(image, field) || vips_image_get_string(image, field, &text))
        return NULL;
    if (g_str_has_suffix(text, tail_mark))
        return g_strndup(text, strlen(text) - strlen(tail_mark));
    const char *tail = strstr(text, ", ASCII, ");
    if (tail && g_str_has_suffix(text, " bytes)")) {
        const char *open = NULL;
        for (const char *at = text; (at = strstr(at, " (")) && at < tail; at++) {
            gsize length = (gsize)(at - text);
            if ((gsize)(tail - at) == length + 2 && strncmp(at + 2, text, length) == 0)
                open = at;
        }
        if (open)
            return g_strndup(text, (gsize)(open - text));
    }
    return g_strdup(text);
}

/* Fields by how their names begin, and what people call them. */
static const struct {
    const char *field, *what;
} losses[] = {
    {"exif-ifd3-", "GPS"},
    {"exif-ifd2-MakerNote", "maker note"},
    {"exif-ifd2-BodySerialNumber", "serial number"},
    {"exif-ifd2-CameraOwnerName", "owner's name"},
    {"exif-ifd2-DateTimeOriginal", "date taken"},
    {"exif-ifd2-", "camera settings"},
    {"xmp-data", "XMP"},
    {"iptc-data", "IPTC"},
    {"photoshop-data", "Photoshop data"},
    {"jpeg-thumbnail-data", "thumbnail"},
};

static bool is_kept(const char *field, unsigned kept)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        if ((others[i].kept_by & kept) && g_str_has_prefix(field, others[i].field))
            return true;
    return false;
}

static void note_losses(struct still *still, char **fields, unsigned kept)
{
    g_autoptr(GPtrArray) said = g_ptr_array_new();
    for (unsigned l = 0; l < G_N_ELEMENTS(losses); l++)
        for (char **field = fields; *field; field++)
            if (g_str_has_prefix(*field, losses[l].field) && !is_kept(*field, kept)) {
                g_ptr_array_add(said, (void *)losses[l].what);
                break;
            }
    if (said->len == 0)
        return;
    g_ptr_array_add(said, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)said->pdata);
    still_note(still, "dropped: %s", list);
}

static bool is_picture(const char *field)
{
    static const char *const kept[] = {VIPS_META_ICC_NAME, "delay",   "loop",      "gif-delay",
                                       "gif-loop",         "n-pages", "background"};
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (strcmp(field, kept[i]) == 0)
            return true;
    return false;
}

static void strip(struct still *still, unsigned kept)
{
    VipsImage *image = still_first(still);
    g_auto(GStrv) fields = vips_image_get_fields(image);
    note_losses(still, fields, kept);
    for (char **field = fields; *field; field++)
        if (!is_picture(*field) && !is_kept(*field, kept))
            vips_image_remove(image, *field);
}

bool still_strip(struct still *still, struct failure *failure)
{
    if (!still_own_header(still, failure))
        return false;
    strip(still, 0);
    return true;
}

/* "2026:11:27 08:30:00" as XMP writes it; NULL of what isn't one. */
static char *xmp_date(const char *exif)
{
    int y, mo, d, h, mi, s;
    if (sscanf(exif, "%4d:%2d:%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6)
        return NULL;
    g_autoptr(GDateTime) real = g_date_time_new_utc(y, mo, d, h, mi, s);
    if (!real)
        return NULL;
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d", y, mo, d, h, mi, s);
}

static void add_xmp_date(GString *xmp, const char *value)
{
    const char *name = tags[DATE_TAKEN].xmp;
    g_autofree char *date = xmp_date(value);
    if (date)
        g_string_append_printf(xmp, "<%s>%s</%s>", name, date, name);
}

static void add_xmp(GString *xmp, const char *name, const char *value)
{
    bool list = strcmp(name, "dc:creator") == 0;
    g_autofree char *plain = g_utf8_make_valid(value, -1);
    g_autofree char *text = g_markup_escape_text(plain, -1);
    g_string_append_printf(xmp, "<%s><rdf:%s><rdf:li%s>%s</rdf:li></rdf:%s></%s>", name,
                           list ? "Seq" : "Alt", list ? "" : " xml:lang=\"x-default\"", text,
                           list ? "Seq" : "Alt", name);
}

/* XMP Specification Part 1, 7: the packet with Dublin Core, for formats without EXIF. */
static void write_xmp(VipsImage *image, char *const values[])
{
    g_autoptr(GString) xmp = g_string_new(
        "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\">");
    gsize bare = xmp->len;
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        if (values[i] && i == DATE_TAKEN)
            add_xmp_date(xmp, values[i]);
        else if (values[i])
            add_xmp(xmp, tags[i].xmp, values[i]);
    if (xmp->len == bare)
        return;
    g_string_append(xmp, "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>");
    vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, xmp->str, xmp->len);
}

/* The policies as sets; of META_ARCHIVE everything. */
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

/* The texts of `tags` that are kept, or NULL. */
struct texts {
    char *values[G_N_ELEMENTS(tags)];
};

static struct texts take_texts(VipsImage *image, unsigned kept)
{
    struct texts texts = {0};
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++) {
        if (kept & tags[i].kept_by)
            texts.values[i] = tag_value(image, tags[i].field);
        if (texts.values[i] && kept != ~0u)
            vips_image_remove(image, tags[i].field); /* so that it isn't said to be dropped */
    }
    return texts;
}

/* Formats that have no EXIF here say it in XMP. */
static void say_in_xmp(struct still *still, const struct still_format *format, char *const values[])
{
    VipsImage *image = still_first(still);
    if (values[1])
        vips_image_set_string(image, VIPS_META_IMAGEDESCRIPTION, values[1]);
    g_autofree char *date = values[DATE_TAKEN] ? xmp_date(values[DATE_TAKEN]) : NULL;
    if (values[DATE_TAKEN] && !date)
        still_note(still, "dropped: the date taken (\"%s\" is none)", values[DATE_TAKEN]);
    if (!vips_image_get_typeof(image, VIPS_META_XMP_NAME))
        write_xmp(image, values);
    if (format->no_exif && vips_image_get_typeof(image, VIPS_META_EXIF_NAME))
        still_note(still, "dropped: EXIF, which isn't written to TIFF; title, description, "
                          "artist, copyright and date taken are in XMP");
}

static void note_no_place(struct still *still, const struct still_format *format, unsigned kept)
{
    g_auto(GStrv) fields = vips_image_get_fields(still_first(still));
    if (kept == ~0u)
        return;
    for (char **field = fields; *field; field++)
        if (g_str_has_prefix(*field, "exif-") && is_kept(*field, kept)) {
            still_note(still, "dropped: camera and GPS, for which %s has no place here",
                       format->name);
            return;
        }
}

static void note_bare(struct still *still, const struct still_format *format, unsigned kept,
                      const struct texts *texts)
{
    bool any = kept == ~0u && (vips_image_get_typeof(still_first(still), VIPS_META_EXIF_NAME) ||
                               vips_image_get_typeof(still_first(still), VIPS_META_XMP_NAME));
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        any |= texts->values[i] != NULL;
    if (any)
        still_note(still, "dropped: all tags, which aren't written to %s", format->name);
}

bool still_apply_metadata(struct still *still, const struct encode_image *encode,
                          const struct still_format *format, struct failure *failure)
{
    if (!still_own_header(still, failure))
        return false;
    VipsImage *image = still_first(still);
    unsigned kept = kept_by(encode);
    struct texts texts = take_texts(image, kept);
    if (kept == ~0u)
        /* It would show the source as it was before the steps. */
        vips_image_remove(image, "jpeg-thumbnail-data");
    else
        strip(still, kept);
    if (format->bare)
        note_bare(still, format, kept, &texts);
    if (format->xmp && kept)
        note_no_place(still, format, kept);
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        if (texts.values[i])
            set_tag(image, tags[i].field, texts.values[i]);
    if (format->xmp && kept)
        say_in_xmp(still, format, texts.values);
    for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
        g_free(texts.values[i]);
    return true;
}
