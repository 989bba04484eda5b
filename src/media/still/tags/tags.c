/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tables of a still's tags. */
#include "tags.h"

#include "said.h"

#include <string.h>

const char still_note_moved[] = "it can't be read once it is moved";

const struct still_text still_texts[XMP_NAMES] = {
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

/* By how their names begin (Exif 2.32, 4.6); the first row that fits. */
static const struct still_field rows[] = {
    {"exif-ifd3-", META_ARCHIVE | META_GPS, "GPS", KEEP_LOCATION, NULL},
    {"exif-ifd2-MakerNote", 0, "maker note", KEEP_TAGS, still_note_moved},
    {"exif-ifd2-BodySerialNumber", META_ARCHIVE, "serial numbers", KEEP_TAGS, NULL},
    {"exif-ifd2-LensSerialNumber", META_ARCHIVE, "serial numbers", KEEP_TAGS, NULL},
    {"exif-ifd2-CameraOwnerName", META_ARCHIVE, "owner's name", KEEP_TAGS, NULL},
    {"exif-ifd2-OffsetTimeOriginal", META_ARCHIVE | META_DATE, "date taken", KEEP_DATES, NULL},
    {"exif-ifd2-OffsetTime", META_ARCHIVE, "other dates", KEEP_TAGS, NULL},
    {"exif-ifd2-SubSecTimeOriginal", META_ARCHIVE | META_DATE, "date taken", KEEP_DATES, NULL},
    {"exif-ifd2-SubSecTime", META_ARCHIVE, "other dates", KEEP_TAGS, NULL},
    {"exif-ifd2-DateTimeDigitized", META_ARCHIVE, "other dates", KEEP_TAGS, NULL},
    {"exif-ifd2-ExifVersion", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd2-ComponentsConfiguration", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd2-FlashpixVersion", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd2-ColorSpace", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd2-Pixel", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd2-ExposureTime", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-FNumber", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-ISOSpeedRatings", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-PhotographicSensitivity", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS,
     NULL},
    {"exif-ifd2-ExposureBiasValue", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-ExposureProgram", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-MeteringMode", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-Flash", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-WhiteBalance", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-FocalLength", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-LensMake", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-LensModel", META_ARCHIVE | META_CAMERA, "camera settings", KEEP_TAGS, NULL},
    {"exif-ifd2-", META_ARCHIVE, "other EXIF", KEEP_TAGS, NULL},
    {"exif-ifd0-Make", META_ARCHIVE | META_CAMERA, "camera", KEEP_TAGS, NULL},
    {"exif-ifd0-Model", META_ARCHIVE | META_CAMERA, "camera", KEEP_TAGS, NULL},
    {"exif-ifd0-Orientation", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-XResolution", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-YResolution", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-ResolutionUnit", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-YCbCrPositioning", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-ImageWidth", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-ImageLength", META_ARCHIVE, NULL, KEEP_TAGS, NULL},
    {"exif-ifd0-", META_ARCHIVE, "other EXIF", KEEP_TAGS, NULL},
    {"xmp-data", META_ARCHIVE | META_XMP, "XMP", KEEP_TAGS, NULL},
    {"iptc-data", META_ARCHIVE | META_IPTC, "IPTC", KEEP_TAGS, NULL},
    {"jpeg-thumbnail-data", 0, "thumbnail", KEEP_ATTACHMENTS, "it shows the picture as it was"},
};

const struct still_field *still_field(const char *field)
{
    static const struct still_field none = {.kept_by = META_ARCHIVE, .keep = KEEP_TAGS};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_prefix(field, rows[i].field))
            return &rows[i];
    return &none;
}

bool still_field_is_picture(const char *field)
{
    static const char *const kept[] = {VIPS_META_ICC_NAME, "delay",   "loop",      "gif-delay",
                                       "gif-loop",         "n-pages", "background"};
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        if (strcmp(field, kept[i]) == 0)
            return true;
    return false;
}

char *still_field_keyword(const char *field)
{
    if (!g_str_has_prefix(field, PNG_TEXT))
        return NULL;
    const char *keyword = field + strlen(PNG_TEXT), *colon = strchr(keyword, ':');
    return colon ? g_strdup_printf("the texts \"%.*s:…\"", (int)(colon - keyword), keyword)
                 : g_strdup_printf("the text \"%s\"", keyword);
}
