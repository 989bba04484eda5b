/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of grey patches, made with libav alone, and what libav alone finds in a file: tags, HDR
 * metadata, and the patches' values. */
#pragma once

#include <glib.h>
#include <libavutil/frame.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/pixfmt.h>
#include <stdbool.h>

enum { PATCHES = 8, PATCHES_CHROMA = 512, PATCHES_ROW = 8 };

struct patches_tags {
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
};

/* Three frames of 64x64, FFV1 in Matroska, 4:4:4, 10 bits, limited range: each patch a column of 8
 * pixels. With `hdr10`: a mastering display of P3 with 0.005 to 1000 cd/m2, MaxCLL 800, MaxFALL
 * 120. The descriptor of an unlinked file. */
int patches_film(const int luma[PATCHES], const struct patches_tags *tags, bool hdr10);
/* With what a file says of its light. */
struct patches_light {
    bool mastering;              /* the display above */
    unsigned max_cll;            /* 0: none is told */
    int dolby_vision, base_like; /* profile, 0 none; what its base layer is like, 0 nothing */
};
int patches_lit(const int luma[PATCHES], const struct patches_tags *tags,
                const struct patches_light *light);
/* Of one grey, the first colour difference of which is PATCHES_CHROMA in the first line, and
 * `slope` more in each that follows. */
int patches_slope(int slope, const struct patches_tags *tags);
AVMasteringDisplayMetadata patches_display(void);

struct patches_seen {
    struct patches_tags container,
        bitstream;         /* of the first frame, told by its own headers alone */
    bool mastering, light; /* of the container or of a frame; what is all 0 doesn't count */
    AVMasteringDisplayMetadata display;
    unsigned max_cll, max_fall;
    int luma[PATCHES]; /* of the middle of each patch */
    int chroma;        /* the first difference, in line PATCHES_ROW of its own plane */
};
struct patches_seen patches_look(int fd);
