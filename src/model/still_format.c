/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of formats of stills. */
#include "model/still_format.h"

#include <string.h>

/* Defaults: libvips' and libheif's scales; JPEG's are those of common web practice. */
/* clang-format off */
static const struct still_format formats[] = {
    {"jpeg", {8}, 85, 65500, .progressive = true, .subsampling = true, .cmyk = true, .iptc = true},
    {"png", {8, 16}, 0, 65535, .compressions = "0 1 2 3 4 5 6 7 8 9", .alpha = true, .xmp = true, .progressive = true, .lossless = true},
    {"webp", {8}, 80, 16383, .effort_max = 6, .alpha = true, .lossless = true, .frames = true, .rgb = true},
    /* libheif 1.15 makes libaom abort on 10 bits. */
    {"avif", {8, 12}, 60, 16384, .effort_max = 9, .alpha = true, .lossless = true, .subsampling = true, .rgb = true},
    {"jxl", {8, 16}, 90, 1 << 30, .effort_min = 3, .effort_max = 9, .alpha = true, .lossless = true, .bare = true},
    {"tiff", {8, 16}, 0, 1 << 30, .compressions = "none lzw deflate zstd", .tiles = true, .alpha = true, .xmp = true, .exif_tags = true, .lossless = true, .cmyk = true, .iptc = true},
    {"tiff", {8}, 85, 1 << 30, .compressions = "jpeg", .tiles = true, .xmp = true, .exif_tags = true, .cmyk = true, .iptc = true},
};
/* clang-format on */

const struct still_format *still_format_find(const char *name, const struct encode_image *encode)
{
    const struct still_format *found = NULL;
    for (unsigned i = G_N_ELEMENTS(formats); name && i-- > 0;) {
        const struct still_format *format = &formats[i];
        if (strcmp(format->name, name) != 0)
            continue;
        found = format;
        if (encode->compression && format->compressions &&
            list_has(format->compressions, encode->compression))
            return format;
    }
    return found;
}

char *still_format_names(void)
{
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
        if (i == 0 || strcmp(formats[i].name, formats[i - 1].name) != 0)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", formats[i].name);
    return g_string_free(names, FALSE);
}

/* "jpeg, webp": those that can do what this one can't. */
static char *those_with(bool (*can)(const struct still_format *))
{
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        const struct still_format *format = &formats[i];
        if (can(format))
            g_string_append_printf(names, "%s%s%s", names->len ? ", " : "", format->name,
                                   format->compressions && format->quality ? " with jpeg in it"
                                                                           : "");
    }
    return g_string_free(names, FALSE);
}

static bool has_quality(const struct still_format *format)
{
    return format->quality;
}

static bool has_subsampling(const struct still_format *format)
{
    return format->subsampling;
}

static bool has_progressive(const struct still_format *format)
{
    return format->progressive;
}

static bool has_lossless(const struct still_format *format)
{
    return format->lossless;
}

static bool has_effort(const struct still_format *format)
{
    return format->effort_max;
}

static bool has_tiles(const struct still_format *format)
{
    return format->tiles;
}

/* Settings that a format has or hasn't. */
static const struct {
    const char *row, *what;
    bool (*can)(const struct still_format *);
} abilities[] = {
    {"quality", "quality: it is lossless", has_quality},
    {"max_bytes", "quality to lower for it", has_quality},
    {"ssim", "quality to choose by it", has_quality},
    {"subsampling", "subsampling to choose", has_subsampling},
    {"progressive", "progressive form", has_progressive},
    {"lossless", "lossless form", has_lossless},
    {"effort", "effort to choose", has_effort},
    {"tile", "tiles", has_tiles},
    {"pyramid", "tiles, which a pyramid is made of", has_tiles},
};

static bool is_asked(const char *row, const struct encode_image *e)
{
    return strcmp(row, "quality") == 0       ? e->quality
           : strcmp(row, "max_bytes") == 0   ? e->max_bytes > 0
           : strcmp(row, "ssim") == 0        ? e->ssim > 0
           : strcmp(row, "subsampling") == 0 ? e->subsampling
           : strcmp(row, "progressive") == 0 ? e->progressive
           : strcmp(row, "lossless") == 0    ? e->lossless
           : strcmp(row, "tile") == 0        ? e->tile
           : strcmp(row, "pyramid") == 0     ? e->pyramid
                                             : e->effort >= 0;
}

static char *lacks(const struct still_format *format, const struct encode_image *e,
                   const char **row)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(abilities); i++) {
        if (!is_asked(abilities[i].row, e) || abilities[i].can(format))
            continue;
        g_autofree char *others = those_with(abilities[i].can);
        *row = abilities[i].row;
        return g_strdup_printf("%s has no %s; these have: %s", format->name, abilities[i].what,
                               others);
    }
    return NULL;
}

static char *depth_problem(const struct still_format *format, int depth)
{
    g_autoptr(GString) allowed = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(format->depths) && format->depths[i]; i++) {
        if (depth == format->depths[i])
            return NULL;
        g_string_append_printf(allowed, "%s%d", i ? " and " : "", format->depths[i]);
    }
    return g_strdup_printf("%s has no bit_depth of %d; it has %s", format->name, depth,
                           allowed->str);
}

static char *compression_problem(const struct still_format *format, const char *compression)
{
    if (!format->compressions)
        return g_strdup_printf("%s has no compression to choose; png and tiff have", format->name);
    if (list_has(format->compressions, compression))
        return NULL;
    bool tiff = strcmp(format->name, "tiff") == 0;
    return g_strdup_printf("compression \"%s\" isn't one of %s: %s%s", compression, format->name,
                           format->compressions, tiff ? ", or jpeg" : "");
}

char *still_format_problem(const struct still_format *format, const struct encode_image *e,
                           const char **row)
{
    char *problem = lacks(format, e, row);
    if (!problem && e->lossless && (e->max_bytes > 0 || e->ssim > 0)) {
        *row = "lossless";
        problem = g_strdup("max_bytes and ssim choose a quality, and what is lossless has none");
    }
    if (!problem && e->tile % 16) {
        *row = "tile";
        problem = g_strdup_printf("%d is no multiple of 16, as tiles of TIFF are", e->tile);
    }
    if (!problem && e->bit_depth) {
        *row = "bit_depth";
        problem = depth_problem(format, e->bit_depth);
    }
    if (!problem && e->compression) {
        *row = "compression";
        problem = compression_problem(format, e->compression);
    }
    if (!problem && e->effort >= 0 &&
        (e->effort < format->effort_min || e->effort > format->effort_max)) {
        *row = "effort";
        problem = g_strdup_printf("effort of %s is %d to %d", format->name, format->effort_min,
                                  format->effort_max);
    }
    return problem;
}

bool still_format_check(const char *container, const struct encode *encode, const struct node *map,
                        struct diag *diag)
{
    const struct encode_image *image = &encode->image;
    const struct still_format *format =
        still_format_find(image->format ? image->format : container, image);
    const char *row;
    g_autofree char *problem = format ? still_format_problem(format, image, &row) : NULL;
    if (!problem)
        return true;
    const struct node *value = node_get(node_get(map, "image"), row);
    diag_error(diag, value ? value->at : map->at, "leave it out, or choose another format",
               "encode.image.%s: %s", row, problem);
    return false;
}
