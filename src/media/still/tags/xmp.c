/* SPDX-License-Identifier: GPL-3.0-or-later
 * XMP by Exempi. */
#include "xmp.h"

#include <exempi/xmp.h>
#include <exempi/xmpconsts.h>
#include <string.h>

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(XmpPtr, xmp_free, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(XmpStringPtr, xmp_string_free, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(XmpIteratorPtr, xmp_iterator_free, NULL)

#define NS_NOTE "http://ns.adobe.com/xmp/note/"

/* Metadata Working Group, Guidelines 2.0, 5. */
static const struct {
    const char *schema, *name;
    uint32_t form;
} rows[XMP_NAMES] = {
    [XMP_TITLE] = {NS_DC, "title", XMP_PROP_ARRAY_IS_ALTTEXT},
    [XMP_DESCRIPTION] = {NS_DC, "description", XMP_PROP_ARRAY_IS_ALTTEXT},
    [XMP_CREATOR] = {NS_DC, "creator", XMP_PROP_ARRAY_IS_ORDERED},
    [XMP_RIGHTS] = {NS_DC, "rights", XMP_PROP_ARRAY_IS_ALTTEXT},
    [XMP_DATE_CREATED] = {NS_PHOTOSHOP, "DateCreated", 0},
};

static XmpPtr parse(GBytes *bytes)
{
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return xmp_init() ? xmp_new(data, size) : NULL;
}

static char *list_text(XmpPtr xmp, enum xmp_name name, XmpStringPtr value)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 1; xmp_get_array_item(xmp, rows[name].schema, rows[name].name, i, value, NULL);
         i++)
        g_string_append_printf(text, "%s%s", i > 1 ? "; " : "", xmp_string_cstr(value));
    return text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

char *xmp_text(GBytes *bytes, enum xmp_name name)
{
    g_auto(XmpPtr) xmp = parse(bytes);
    g_auto(XmpStringPtr) value = xmp_string_new();
    if (!xmp)
        return NULL;
    if (rows[name].form == XMP_PROP_ARRAY_IS_ORDERED)
        return list_text(xmp, name, value);
    bool found = rows[name].form
                     ? xmp_get_localized_text(xmp, rows[name].schema, rows[name].name, "",
                                              "x-default", NULL, value, NULL)
                     : xmp_get_property(xmp, rows[name].schema, rows[name].name, value, NULL);
    return found && *xmp_string_cstr(value) ? g_strdup(xmp_string_cstr(value)) : NULL;
}

int xmp_orientation(GBytes *bytes)
{
    g_auto(XmpPtr) xmp = parse(bytes);
    int32_t value = 0;
    return xmp && xmp_get_property_int32(xmp, NS_TIFF, "Orientation", &value, NULL) && value >= 1 &&
                   value <= 8
               ? value
               : 0;
}

static void set_text(XmpPtr xmp, enum xmp_name name, const char *value)
{
    const char *schema = rows[name].schema, *property = rows[name].name;
    g_autofree char *text = g_utf8_make_valid(value, -1);
    if (rows[name].form != XMP_PROP_ARRAY_IS_ALTTEXT || !*text)
        xmp_delete_property(xmp, schema, property);
    if (!*text)
        return;
    if (rows[name].form == XMP_PROP_ARRAY_IS_ALTTEXT)
        xmp_set_localized_text(xmp, schema, property, "", "x-default", text, 0);
    else if (rows[name].form)
        xmp_append_array_item(xmp, schema, property, rows[name].form, text, 0);
    else
        xmp_set_property(xmp, schema, property, text, 0);
}

static void set_number(XmpPtr xmp, const char *schema, const char *name, int value)
{
    if (xmp_has_property(xmp, schema, name))
        xmp_set_property_int32(xmp, schema, name, value, 0);
}

static void set_size(XmpPtr xmp, int width, int height)
{
    set_number(xmp, NS_TIFF, "Orientation", 1);
    set_number(xmp, NS_TIFF, "ImageWidth", width);
    set_number(xmp, NS_TIFF, "ImageLength", height);
    set_number(xmp, NS_EXIF, "PixelXDimension", width);
    set_number(xmp, NS_EXIF, "PixelYDimension", height);
}

/* By the last part of a property's path: exif:GPSLatitude, aux:SerialNumber and
 * exifEX:BodySerialNumber (XMP Specification Part 2; Exif metadata for XMP, CIPA DC-010), and those
 * of makers, drone-dji:GpsLatitude and drone-skydio:Latitude; W3C Basic Geo, geo:lat_long; IPTC
 * Photo Metadata 2023.1, Location. An address of the creator has other names (CiAdrCity). */
/* clang-format off */
static const struct {
    const char *pattern, *what; /* NULL: its own name */
    enum xmp_private sort;
} privates[] = {
    {"gps*", "GPS", XMP_COORDINATES},
    {"*latitude", "GPS", XMP_COORDINATES},
    {"*longitude", "GPS", XMP_COORDINATES},
    {"lat", "GPS", XMP_COORDINATES},
    {"long", "GPS", XMP_COORDINATES},
    {"lat_long", "GPS", XMP_COORDINATES},
    {"city", NULL, XMP_PLACES},
    {"state", NULL, XMP_PLACES},
    {"provincestate", NULL, XMP_PLACES},
    {"country", NULL, XMP_PLACES},
    {"countrycode", NULL, XMP_PLACES},
    {"countryname", NULL, XMP_PLACES},
    {"location", NULL, XMP_PLACES},
    {"locationcreated", NULL, XMP_PLACES},
    {"locationshown", NULL, XMP_PLACES},
    {"sublocation", NULL, XMP_PLACES},
    {"worldregion", NULL, XMP_PLACES},
    {"*serial*", NULL, XMP_SERIALS},
    {"ownername", NULL, XMP_SERIALS},
    {"cameraownername", NULL, XMP_SERIALS},
};
/* clang-format on */

/* "City" of "Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City". */
static char *name_in(const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    const char *colon = strchr(last, ':'), *name = colon ? colon + 1 : last;
    return g_strndup(name, strcspn(name, "["));
}

/* What it is called when it goes; NULL: it stays. Caller frees. */
static char *private_name(const char *path, unsigned without)
{
    g_autofree char *name = name_in(path);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(privates); i++)
        if (privates[i].sort & without && g_pattern_match_simple(privates[i].pattern, lower))
            return privates[i].what ? g_strdup(privates[i].what) : g_steal_pointer(&name);
    return NULL;
}

bool xmp_is_serial(const char *gone)
{
    g_autofree char *name = private_name(gone, XMP_SERIALS);
    return name != NULL;
}

struct property {
    char *schema, *path, *name;
};

static void property_free(void *data)
{
    struct property *property = data;
    g_free(property->schema);
    g_free(property->path);
    g_free(property->name);
    g_free(property);
}

static GPtrArray *privates_of(XmpPtr xmp, unsigned without)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(property_free);
    g_auto(XmpIteratorPtr) each = xmp_iterator_new(xmp, NULL, NULL, XMP_ITER_PROPERTIES);
    g_auto(XmpStringPtr) schema = xmp_string_new();
    g_auto(XmpStringPtr) path = xmp_string_new();
    while (each && xmp_iterator_next(each, schema, path, NULL, NULL)) {
        char *name = private_name(xmp_string_cstr(path), without);
        if (!name)
            continue;
        struct property *property = g_new(struct property, 1);
        *property = (struct property){g_strdup(xmp_string_cstr(schema)),
                                      g_strdup(xmp_string_cstr(path)), name};
        g_ptr_array_add(found, property);
    }
    return found;
}

bool xmp_has_coordinates(GBytes *bytes)
{
    g_auto(XmpPtr) xmp = parse(bytes);
    g_autoptr(GPtrArray) places = xmp ? privates_of(xmp, XMP_COORDINATES) : NULL;
    return places && places->len;
}

static void remove_privates(XmpPtr xmp, unsigned without, GPtrArray *gone)
{
    g_autoptr(GPtrArray) found = privates_of(xmp, without);
    for (guint i = 0; i < found->len; i++) {
        struct property *property = found->pdata[i];
        xmp_delete_property(xmp, property->schema, property->path);
        if (!g_ptr_array_find_with_equal_func(gone, property->name, g_str_equal, NULL))
            g_ptr_array_add(gone, g_steal_pointer(&property->name));
    }
}

static bool is_bare(XmpPtr xmp)
{
    g_auto(XmpIteratorPtr) each = xmp_iterator_new(xmp, NULL, NULL, XMP_ITER_JUSTLEAFNODES);
    return !each || !xmp_iterator_next(each, NULL, NULL, NULL, NULL);
}

GBytes *xmp_edited(GBytes *bytes, char *const texts[XMP_NAMES], int width, int height,
                   unsigned without, GPtrArray *gone)
{
    g_auto(XmpPtr) xmp = bytes ? parse(bytes) : xmp_init() ? xmp_new_empty() : NULL;
    g_auto(XmpStringPtr) packet = xmp_string_new();
    if (!xmp)
        return NULL;
    for (enum xmp_name name = 0; name < XMP_NAMES; name++)
        if (texts[name])
            set_text(xmp, name, texts[name]);
    set_size(xmp, width, height);
    xmp_delete_property(xmp, NS_XAP, "Thumbnails");
    xmp_delete_property(xmp, NS_NOTE, "HasExtendedXMP");
    remove_privates(xmp, without, gone);
    if (is_bare(xmp) || !xmp_serialize(xmp, packet, XMP_SERIAL_USECOMPACTFORMAT, 0))
        return NULL;
    const char *text = xmp_string_cstr(packet);
    return g_bytes_new(text, strlen(text));
}
