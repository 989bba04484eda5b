/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of stills share. */
#pragma once

#include "media/still_file.h"

#include <vips/vips.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VipsImage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VipsSource, g_object_unref)
static inline void array_unref(VipsArrayDouble *array)
{
    vips_area_unref(VIPS_AREA(array));
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VipsArrayDouble, array_unref)

/* Frames are kept apart, all of one size and format, so that no operation mixes them; they are
 * joined when written. Tags, profile and delays are those of the first. Formats are uchar (8),
 * ushort (16) or float, interpretations sRGB, B_W, RGB16, GREY16 or scRGB (float: linear light
 * where no profile says otherwise). */
struct still {
    GPtrArray *pages;   /* VipsImage *, owned */
    GPtrArray *notes;   /* char * */
    GPtrArray *carried; /* struct carried_row: what became of its metadata; or NULL */
    /* Of a picture that was decoded smaller than the one it stands for: that one's size. It is for
     * still_resize() alone. 0: it is what it is. */
    int full_width, full_height;
    GBytes *exif;    /* that is written as it is; or NULL: libvips makes one of the fields */
    GBytes *profile; /* that `encode` names by a file; or NULL */
    const struct still_listener *listener; /* or NULL */
    bool was_ink;                          /* it was read as CMYK, and converted */
    bool placed; /* a step chose the colour space: it is written as it is */
};

static inline VipsImage *still_first(const struct still *still)
{
    return still->pages->pdata[0];
}

/* Million pixels, as still_limit() or the environment says; for still_fits(). */
unsigned still_limit_here(void);

/* How long an animation is shown once, by its delays; libwebp's shortest is told as libvips 8.14
 * writes it: 10 ms and less are 100. 0 of a single picture. */
double still_seconds(VipsImage *image);

/* libvips' error text on one line, each sentence once, and cleared; without that a reader looked
 * behind the end of the file, which is no error of its own. Caller frees. */
char *vips_words(void);
/* Whether readers' words are of a kind of picture that they don't read, and not of damage. */
bool words_tell_unsupported(const char *words);
/* Whether the file behind fd is a TIFF of ICCLab or ITULab (TIFF Technical Note "ICC L*a*b*"; RFC
 * 2301, section 6), which libvips takes for other colours: then it fails. */
bool still_has_other_lab(int fd, struct failure *failure);
/* Fails with "what: <libvips' words>"; FAIL_MEMORY when memory is what was missing. */
bool fail_vips(struct failure *failure, enum failure_class class, const char *what);

/* Replaces every frame by op(frame). `op` returns 0, or -1 with libvips' error set; then the still
 * is as before, and `what` is named in `failure`. */
typedef int still_op(VipsImage *in, VipsImage **out, const void *args);
bool still_each(struct still *still, struct failure *failure, const char *what, still_op *op,
                const void *args);

/* Has the still's listener hear of all that is computed for this image. */
void still_hear(const struct still *still, VipsImage *image);

int image_depth(const VipsImage *image); /* 8, 16, 32 */
double image_white(const VipsImage *image);
/* Rounds, clips and casts float values in the picture's own scale back to `like`'s format. */
int image_like(VipsImage *in, VipsImage **out, const VipsImage *like);
/* To 8 or 16 bits, rounded; 16 bits of a value v of 8 are 257 v. Float: linear to sRGB. */
int image_to_depth(VipsImage *in, VipsImage **out, int depth);
/* A Gaussian's (signal/gaussian.h), in float; bands alone. From 16 pixels on it is made of the
 * picture halved so often that 8 to 16 are left (Burt and Adelson, The Laplacian Pyramid as a
 * Compact Image Code, 1983: the filter), and interpolated: within 1 code of 255 of the whole one.
 */
int image_blur(VipsImage *in, VipsImage **out, double sigma);
/* Grey to RGB, alpha kept. */
int image_to_rgb(VipsImage *in, VipsImage **out);

/* Reading and writing on descriptors, each with its own offset (pread, pwrite). `error` gets the
 * errno of the first call that fails; it must outlive the source or target. */
VipsSource *still_source(int fd, int *error);
/* How far a reader got into a file. It is given the less at once the nearer it is to `end`, so that
 * what it leaves there is known to about an eighth; 0: no matter. */
struct still_reading {
    gint64 end, reached;
};
VipsSource *still_source_watched(int fd, struct still_reading *reading, int *error);
VipsTarget *still_target(int fd, int *error);

/* The name a profile gives itself, or NULL for none. Caller frees. */
char *still_profile_name(VipsImage *image);
bool still_is_srgb(VipsImage *image); /* untagged counts */
/* Floats from the space they are of (still_space(), not NULL) to srgb or display-p3, 16 bits, with
 * its profile: light beyond its white and colours outside its gamut are cut off, channel by channel
 * (color/convert.h, clip), as they are of the bounded values. */
struct space;
bool still_to_display(struct still *still, const struct space *display, struct failure *failure);
/* What floats are bounded to, and NaN to 0, before they become whole numbers: whatever a display or
 * paper shows at its white is within (pure red of Rec.2020 is 1.66 of Rec.709's, -0.59 is the least
 * of its pure colours), and brighter colours keep their hue on the way to other primaries. */
#define STILL_FLOAT_MIN -1.0f
#define STILL_FLOAT_MAX 2.0f
/* From a space of HDR to sRGB, whose white is its reference white; what is brighter is brought down
 * (color/convert.h, bt2390). */
bool still_to_sdr(struct still *still, const struct space *space, struct failure *failure);
/* `layer`: RGB16 with alpha, sRGB. To float RGBA, 0 to 1, in `base`'s own colours, in memory. */
int layer_match(VipsImage *layer, VipsImage **out, VipsImage *base);
/* Lays the RGB16 layer on every frame at x, y. */
bool still_blend(struct still *still, struct failure *failure, const char *what, VipsImage *layer,
                 double opacity, int x, int y);

/* What goes is told (media/still_told.h). Of what the file behind fd carries, what no decoder of
 * stills hands over: segments of a JPEG; and all of it. */
void still_tell_segments(int fd, GPtrArray *told);
struct jpeg_scan;
/* Behind them: of a bare stream of JPEG the first is read. */
void still_tell_followers(const struct jpeg_scan *scan, GPtrArray *told);
struct still_said;
void still_tell_unread(int fd, const struct still_said *said, GPtrArray *told);
/* All that an image's header says beside its pixels, which goes because of `why`. */
void still_tell_all(VipsImage *image, const char *why, GPtrArray *told);

/* Gives the first frame a header of its own before tags are changed. */
bool still_own_header(struct still *still, struct failure *failure);
