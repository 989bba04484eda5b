/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still picture as an image face sees it: a lazy libvips pipeline behind a handle. Every
 * operation replaces the handle's content; alpha is kept right (premultiplied where pixels are
 * mixed); depth never falls before the writer. One thread. */
#pragma once

#include "media/chain.h"
#include "model/param.h"

struct still;

struct still_shape {
    int width, height, bands, depth; /* depth: 8, 16 or 32 (float) */
    bool alpha;
};
struct still_shape still_shape(const struct still *still);
/* Whether a pixel of any frame is neither clear nor solid. */
bool still_half_solid(const struct still *still);

/* `kernel`: lanczos bicubic bilinear spline36 nearest, as film is scaled by them. `linear`: mixed
 * as light, by sRGB's curve (other profiles' curves are near it); else in the picture's own
 * encoding. Float is light already. What is made is held to the limit of what is read, too:
 * FAIL_UNSUPPORTED. */
bool still_resize(struct still *still, struct failure *failure, int width, int height,
                  const char *kernel, bool linear);
/* A box of the picture resized to width x height, inside it: what still_resize() and still_crop()
 * come to, but nothing outside the box is made. */
struct still_part {
    int width, height;
    int x, y, keep_width, keep_height;
};
bool still_resize_part(struct still *still, struct failure *failure, const struct still_part *part,
                       const char *kernel, bool linear);
/* Such a resize that doesn't enlarge, isn't linear, nor of the kernel nearest. */
struct still_scaling {
    int width, height;
    const char *kernel;
};
bool still_crop(struct still *still, struct failure *failure, int x, int y, int width, int height);
/* The corner of the box of that size that draws the eye most (libvips' smartcrop: edges, skin and
 * saturated colours), or, `detail`, that has the most in it. Of an animation by its first frame. */
bool still_look(const struct still *still, struct failure *failure, int width, int height,
                bool detail, int *x, int *y);
/* Clockwise, 0 90 180 270; then mirrored left to right or top to bottom. */
bool still_rotate(struct still *still, struct failure *failure, int degrees, bool hflip,
                  bool vflip);
bool still_pad(struct still *still, struct failure *failure, int width, int height, int x, int y,
               struct rgba color);
/* Laid on a colour, of which alpha counts for nothing; there is no transparency behind it. */
bool still_flatten(struct still *still, struct failure *failure, struct rgba color);
/* Stands at x, y of a larger canvas, before itself, as chain_backdrop does it. */
bool still_backdrop(struct still *still, struct failure *failure, int width, int height, int x,
                    int y, double blur);
/* A Gaussian blur, as chain_blur does it. */
bool still_blur(struct still *still, struct failure *failure, double sigma_px);
/* Less noise, in space, as chain_denoise_picture does it to a film's first frame; each frame of an
 * animation alone. Not for float (FAIL_CONFIG). */
bool still_denoise(struct still *still, struct failure *failure, double strength);
/* Unsharp masking of luma (BT.709's weights), as chain_sharpen does it; alpha stays. */
struct unsharp;
bool still_sharpen(struct still *still, struct failure *failure, const struct unsharp *unsharp);
/* The grade (color/grade.h) is applied to the picture's own RGB, 0 to 1, float where it is float.
 * Takes the grade over, also on failure. */
bool still_grade(struct still *still, struct failure *failure, struct grade *grade);
/* To sRGB, float to 16 bits: from a space that is known here through the engine, else through the
 * embedded profile; notes it. */
bool still_to_srgb(struct still *still, struct failure *failure);
struct space;
/* What the values mean (color/space.h, space_of_still()); NULL: what the profile says. */
const struct space *still_space(const struct still *still);
/* Values are sRGB or Display P3 from here on, whatever they were, and are written so: with the
 * profile, float as 16 bits. */
bool still_set_space(struct still *still, struct failure *failure, bool p3);
bool still_overlay(struct still *still, struct failure *failure, int fd, int width, double opacity,
                   int x, int y);
/* Size of the picture in the file behind fd, without decoding it. */
bool still_size(int fd, int *width, int *height, struct failure *failure);
/* As chain_text; always seen, and no counter runs. */
bool still_text(struct still *still, struct failure *failure, const struct text_look *look);
/* As chain_safe_areas. */
bool still_safe_areas(struct still *still, struct failure *failure, struct rgba color);
/* Copies or removes a tag; value NULL removes. Names: title artist copyright description. */
bool still_tag(struct still *still, struct failure *failure, const char *name, const char *value);
/* Removes what the source says about itself: EXIF, XMP, IPTC; not its colour profile. */
bool still_strip(struct still *still, struct failure *failure);
/* The first frame's pixels as rows of 8-bit R, G and B, `stride` bytes apart; alpha is left out.
 * FAIL_INTERNAL for more than `width` by `height`, for which there is room. */
bool still_read_rgb(const struct still *still, struct failure *failure, uint8_t *rows,
                    size_t stride, int width, int height);
/* A sentence for the report; the same one is said once. */
void still_note(struct still *still, const char *format, ...) __attribute__((format(printf, 2, 3)));
