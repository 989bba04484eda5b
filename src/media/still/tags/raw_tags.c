/* SPDX-License-Identifier: GPL-3.0-or-later
 * LibRaw's fields to ours and to EXIF's (Exif 2.32, 4.6). */
#include "raw_tags.h"

#include "../write_private.h"

#include <math.h>
#include <string.h>

/* LibRaw takes the camera's clock for local time. */
static char *date_of(const libraw_data_t *lib)
{
    g_autoptr(GDateTime) date =
        lib->other.timestamp > 0 ? g_date_time_new_from_unix_local(lib->other.timestamp) : NULL;
    return date ? g_date_time_format(date, "%Y:%m:%d %H:%M:%S") : NULL;
}

static bool has_place(const libraw_data_t *lib)
{
    return lib->other.parsed_gps.gpsparsed && lib->other.parsed_gps.latref;
}

void raw_tell(const libraw_data_t *lib, struct facts *facts)
{
    const char *make = lib->idata.make, *model = lib->idata.model;
    if (*make && *model && !g_str_has_prefix(model, make))
        facts->camera = g_strdup_printf("%s %s", make, model);
    else if (*make || *model)
        facts->camera = g_strdup(*model ? model : make);
    facts->date = date_of(lib);
    facts->gps = has_place(lib);
}

static void set_text(VipsImage *image, const char *field, const char *text)
{
    g_autofree char *valid = text && *text ? g_utf8_make_valid(text, -1) : NULL;
    if (valid)
        vips_image_set_string(image, field, valid);
}

static void set_ratio(VipsImage *image, const char *field, double value, int per)
{
    g_autofree char *text =
        value > 0 && isfinite(value) ? g_strdup_printf("%.0f/%d", value * per, per) : NULL;
    set_text(image, field, text);
}

static void set_exposure(VipsImage *image, double seconds)
{
    g_autofree char *part =
        seconds > 0 && seconds < 0.5 ? g_strdup_printf("1/%.0f", 1 / seconds) : NULL;
    if (part)
        set_text(image, "exif-ifd2-ExposureTime", part);
    else
        set_ratio(image, "exif-ifd2-ExposureTime", seconds, 10);
}

static void set_angle(VipsImage *image, const char *field, const float *angle)
{
    g_autofree char *text =
        g_strdup_printf("%.0f/1 %.0f/1 %.0f/10000", angle[0], angle[1], (double)angle[2] * 10000);
    set_text(image, field, text);
}

static void set_letter(VipsImage *image, const char *field, char letter)
{
    const char text[2] = {letter, '\0'};
    set_text(image, field, text);
}

static void set_place(VipsImage *image, const libraw_gps_info_t *gps)
{
    set_letter(image, "exif-ifd3-GPSLatitudeRef", gps->latref);
    set_angle(image, "exif-ifd3-GPSLatitude", gps->latitude);
    set_letter(image, "exif-ifd3-GPSLongitudeRef", gps->longref);
    set_angle(image, "exif-ifd3-GPSLongitude", gps->longitude);
    set_ratio(image, "exif-ifd3-GPSAltitude", gps->altitude, 100);
}

static void set_camera(VipsImage *image, const libraw_data_t *lib)
{
    const libraw_lensinfo_t *lens = &lib->lens;
    set_text(image, "exif-ifd0-Make", lib->idata.make);
    set_text(image, "exif-ifd0-Model", lib->idata.model);
    set_text(image, "exif-ifd2-LensMake", lens->LensMake);
    set_text(image, "exif-ifd2-LensModel", *lens->Lens ? lens->Lens : lens->makernotes.Lens);
    set_exposure(image, lib->other.shutter);
    set_ratio(image, "exif-ifd2-FNumber", lib->other.aperture, 10);
    set_ratio(image, "exif-ifd2-FocalLength", lib->other.focal_len, 10);
    if (lib->other.iso_speed > 0) {
        g_autofree char *iso = g_strdup_printf("%.0f", lib->other.iso_speed);
        set_text(image, "exif-ifd2-ISOSpeedRatings", iso);
    }
}

static bool lay_out(VipsImage *image, struct failure *failure)
{
    g_autoptr(GBytes) exif = exif_of_fields(image, failure);
    gsize size;
    const void *data = exif ? g_bytes_get_data(exif, &size) : NULL;
    if (data)
        vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, data, size);
    return data;
}

bool raw_tag(const libraw_data_t *lib, VipsImage *image, struct failure *failure)
{
    g_autofree char *date = date_of(lib);
    set_camera(image, lib);
    set_text(image, "exif-ifd2-DateTimeOriginal", date);
    set_text(image, "exif-ifd0-Artist", lib->other.artist);
    set_text(image, "exif-ifd0-ImageDescription", lib->other.desc);
    if (has_place(lib))
        set_place(image, &lib->other.parsed_gps);
    if (lib->idata.xmpdata && lib->idata.xmplen)
        vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, lib->idata.xmpdata,
                                 strnlen(lib->idata.xmpdata, lib->idata.xmplen));
    return lay_out(image, failure);
}
