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
    {"gif", {8}, 0, 65535, .effort_min = 1, .effort_max = 9, .alpha = true, .frames = true, .rgb = true, .palette = true, .bare = true},
    /* With libheif 1.15 libaom aborts on 10 bits (at 4:4:4 it crashes) whatever the quality, and RGB is mixed to YCbCr with loss. */
    {"avif", {8, 12}, 60, 16384, .effort_max = 9, .alpha = true, .subsampling = true, .rgb = true},
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

bool still_format_keeps_ink(const struct still_format *format, const struct encode_image *encode)
{
    const bool archive = encode->metadata & META_ARCHIVE && strcmp(format->name, "tiff") == 0;
    return format->cmyk && (encode->profile ? strcmp(encode->profile, "keep") == 0 : archive);
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
                   unsigned ability)
{
    if (!is_asked(abilities[ability].row, e) || abilities[ability].can(format))
        return NULL;
    g_autofree char *others = those_with(abilities[ability].can);
    return g_strdup_printf("%s has no %s; these have: %s", format->name, abilities[ability].what,
                           others);
}

static char *depth_problem(const struct still_format *format, const struct encode_image *e)
{
    g_autoptr(GString) allowed = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(format->depths) && format->depths[i]; i++) {
        if (e->bit_depth == format->depths[i])
            return NULL;
        g_string_append_printf(allowed, "%s%d", i ? " and " : "", format->depths[i]);
    }
    return e->bit_depth == 0 ? NULL
                             : g_strdup_printf("%s has no bit_depth of %d; it has %s", format->name,
                                               e->bit_depth, allowed->str);
}

static char *compression_problem(const struct still_format *format, const struct encode_image *e)
{
    if (!e->compression || (format->compressions && list_has(format->compressions, e->compression)))
        return NULL;
    if (!format->compressions)
        return g_strdup_printf("%s has no compression to choose; png and tiff have", format->name);
    bool tiff = strcmp(format->name, "tiff") == 0;
    return g_strdup_printf("compression \"%s\" isn't one of %s: %s%s", e->compression, format->name,
                           format->compressions, tiff ? ", or jpeg" : "");
}

static char *lossless_problem(const struct still_format *format, const struct encode_image *e)
{
    return format->lossless && e->lossless && (e->max_bytes > 0 || e->ssim > 0)
               ? g_strdup("max_bytes and ssim choose a quality, and what is lossless has none")
               : NULL;
}

static char *tile_problem(const struct still_format *format, const struct encode_image *e)
{
    return format->tiles && e->tile % 16
               ? g_strdup_printf("%d is no multiple of 16, as tiles of TIFF are", e->tile)
               : NULL;
}

static char *effort_problem(const struct still_format *format, const struct encode_image *e)
{
    return format->effort_max && e->effort >= 0 &&
                   (e->effort < format->effort_min || e->effort > format->effort_max)
               ? g_strdup_printf("effort of %s is %d to %d", format->name, format->effort_min,
                                 format->effort_max)
               : NULL;
}

/* Values that a format has or hasn't. */
static const struct {
    const char *row;
    char *(*problem)(const struct still_format *, const struct encode_image *);
} values[] = {
    {"lossless", lossless_problem},       {"tile", tile_problem},     {"bit_depth", depth_problem},
    {"compression", compression_problem}, {"effort", effort_problem},
};

char *still_format_problem(const struct still_format *format, const struct encode_image *e,
                           unsigned *from, const char **row)
{
    const unsigned all = G_N_ELEMENTS(abilities) + G_N_ELEMENTS(values);
    char *problem = NULL;
    for (; !problem && *from < all; (*from)++) {
        const bool ability = *from < G_N_ELEMENTS(abilities);
        const unsigned value = ability ? 0 : *from - G_N_ELEMENTS(abilities);
        *row = ability ? abilities[*from].row : values[value].row;
        problem = ability ? lacks(format, e, *from) : values[value].problem(format, e);
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
    char *problem;
    bool fine = true;
    for (unsigned at = 0; format && (problem = still_format_problem(format, image, &at, &row));) {
        const struct node *value = node_get(node_get(map, "image"), row);
        diag_error(diag, value ? value->at : map->at, "leave it out, or choose another format",
                   "encode.image.%s: %s", row, problem);
        g_free(problem);
        fine = false;
    }
    return fine;
}
