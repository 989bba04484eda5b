/* SPDX-License-Identifier: GPL-3.0-or-later
 * What each format of stills can hold, as we write it: a row a format, or a compression of it that
 * makes another of it. It decides what of `encode: {image: …}` means something there, which the
 * plan checks and the writer again, and what a picture is converted to. */
#pragma once

#include "model/encode.h"

struct still_format {
    const char *name;
    int depths[3];              /* bits of a component that it can hold */
    int quality;                /* by default; 0: it has none */
    int side_max;               /* pixels */
    int effort_min, effort_max; /* both 0: it has none */
    const char *compressions;   /* to choose from, space-separated; NULL none */
    bool alpha, progressive, lossless, subsampling, frames, tiles;
    bool rgb;     /* neither grey nor CMYK: its pictures are RGB */
    bool palette; /* 256 colours a frame; what is half transparent is clear or solid */
    bool cmyk;
    bool xmp;       /* readers look for tags there first */
    bool exif_tags; /* EXIF isn't a block there: its tags are put in after libvips */
    bool iptc;
    bool bare; /* libvips 8.14 writes no tags into it at all */
};

/* The row of encode's compression, else the one of the name; NULL: not a format of ours. */
const struct still_format *still_format_find(const char *name, const struct encode_image *encode);
char *still_format_names(void); /* "jpeg, png …"; caller frees */
/* Whether a picture of CMYK stays so, where nothing is done to it: `metadata: archive` of TIFF, and
 * `profile: keep`. */
bool still_format_keeps_ink(const struct still_format *format, const struct encode_image *encode);
/* The next setting that the format has no use for, of those from *from on (0: of all), which is
 * moved behind it: its row of encode_image_params in *row, and a sentence with what is allowed.
 * NULL: there is none. Caller frees. */
char *still_format_problem(const struct still_format *format, const struct encode_image *encode,
                           unsigned *from, const char **row);
/* Reports each at its place in `map`, which `encode` was parsed from; false then. `container`: the
 * format where encode.image names none. One that isn't known is somebody else's to report. */
bool still_format_check(const char *container, const struct encode *encode, const struct node *map,
                        struct diag *diag);
