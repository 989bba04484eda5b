/* SPDX-License-Identifier: GPL-3.0-or-later
 * libvips' savers, with the settings of struct encode_image. */
#include "vips_start.h"
#include "write_private.h"

#include <stdlib.h>

int tiff_compression(const char *name)
{
    static const struct {
        const char *name;
        VipsForeignTiffCompression compression;
    } rows[] = {{"none", VIPS_FOREIGN_TIFF_COMPRESSION_NONE},
                {"lzw", VIPS_FOREIGN_TIFF_COMPRESSION_LZW},
                {"deflate", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE},
                {"zstd", VIPS_FOREIGN_TIFF_COMPRESSION_ZSTD},
                {"jpeg", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_strcmp0(rows[i].name, name) == 0)
            return (int)rows[i].compression;
    return -1;
}

/* A profile is colour, which is always kept; libvips would strip it, too. */
static bool strips(VipsImage *image, const struct encode_image *e)
{
    return (e->metadata & META_NONE) && !vips_image_get_typeof(image, VIPS_META_ICC_NAME);
}

static int save_jpeg(VipsImage *image, VipsTarget *target, const struct encode_image *e, int q)
{
    bool half = e->subsampling == SUB_420 || (e->subsampling == SUB_AUTO && q < 90);
    return vips_jpegsave_target(image, target, "Q", q, "interlace", e->progressive,
                                "optimize_coding", TRUE, "subsample_mode",
                                half ? VIPS_FOREIGN_SUBSAMPLE_ON : VIPS_FOREIGN_SUBSAMPLE_OFF,
                                "strip", strips(image, e), NULL);
}

static int save_png(VipsImage *image, VipsTarget *target, const struct encode_image *e)
{
    return vips_pngsave_target(image, target, "compression",
                               e->compression ? atoi(e->compression) : 6, "interlace",
                               e->progressive, "strip", strips(image, e), NULL);
}

static int save_webp(VipsImage *image, VipsTarget *target, const struct encode_image *e, int q)
{
    return vips_webpsave_target(image, target, "Q", q, "lossless", e->lossless, "effort",
                                e->effort < 0 ? 4 : e->effort, "smart_subsample", TRUE, "strip",
                                strips(image, e), NULL);
}

static int save_gif(VipsImage *image, VipsTarget *target, const struct encode_image *e)
{
    return vips_gifsave_target(image, target, "effort", e->effort < 0 ? 7 : e->effort, NULL);
}

/* 4:2:0 has no prediction of chroma from luma, and no upsampler that all readers agree on. */
static int save_avif(VipsImage *image, VipsTarget *target, const struct encode_image *e, int q)
{
    int depth = image_depth(image) > 8 ? 12 : 8;
    return vips_heifsave_target(
        image, target, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q", q, "bitdepth", depth,
        "effort", e->effort < 0 ? 4 : e->effort, "subsample_mode",
        e->subsampling == SUB_420 ? VIPS_FOREIGN_SUBSAMPLE_ON : VIPS_FOREIGN_SUBSAMPLE_OFF, "strip",
        strips(image, e), NULL);
}

/* libvips blocks what it writes with libjxl as it does what it reads; the pixels are our own. */
static int save_jxl(VipsImage *image, VipsTarget *target, const struct encode_image *e, int q)
{
    vips_unblock_jxl("VipsForeignSaveJxl");
    return vips_jxlsave_target(image, target, "Q", q, "lossless", e->lossless, "effort",
                               e->effort < 0 ? 7 : e->effort, "strip", strips(image, e), NULL);
}

static int save_tiff(VipsImage *image, VipsTarget *target, const struct encode_image *e, int q)
{
    bool real = image_depth(image) == 32;
    int side = e->tile ? e->tile : 256;
    guint64 bytes = VIPS_IMAGE_SIZEOF_IMAGE(image) * (e->pyramid ? 4 : 3) / 3;
    return vips_tiffsave_target(
        image, target, "compression", tiff_compression(e->compression ? e->compression : "deflate"),
        "Q", MAX(q, 1), "predictor",
        real ? VIPS_FOREIGN_TIFF_PREDICTOR_FLOAT : VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "tile",
        e->tile || e->pyramid, "tile_width", side, "tile_height", side, "pyramid", e->pyramid,
        "bigtiff", bytes > 4000000000u, "strip", strips(image, e), NULL);
}

int format_save(VipsImage *image, VipsTarget *target, const struct still_format *format,
                const struct encode_image *encode, int q)
{
    switch (format->name[0]) {
    case 'j':
        return (format->name[1] == 'x' ? save_jxl : save_jpeg)(image, target, encode, q);
    case 'g':
        return save_gif(image, target, encode);
    case 'p':
        return save_png(image, target, encode);
    case 'w':
        return save_webp(image, target, encode, q);
    case 'a':
        return save_avif(image, target, encode, q);
    default:
        return save_tiff(image, target, encode, q);
    }
}
