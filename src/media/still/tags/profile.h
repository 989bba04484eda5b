/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour profiles (ICC.1) of stills: those that have a name here, and the way from one to another.
 *
 * Relative colorimetric with black point compensation, as Adobe's programs do it by default; in
 * lcms2, in double precision where both sides have more than 8 bits, and from CMYK. */
#pragma once

#include "../private.h"

/* By the names of `encode: {image: {profile: …}}`: srgb display-p3 adobe-rgb grey. NULL with
 * libvips' error set: it can't be made. Always the same bytes. */
GBytes *profile_named(const char *name);
/* ROMM RGB's primaries (ISO 22028-2, those of ProPhoto RGB) with this gamma and nothing straight at
 * black. */
#define ROMM_GAMMA 1.8
GBytes *profile_romm(void);
/* A new one: of grey where `xy` is NULL, else of these white, red, green and blue points; the curve
 * is a power from code to light, or sRGB's (0). NULL: no colours are between such points. */
GBytes *profile_made(double xy[4][2], double power, const char *title);
/* What is behind fd (borrowed); NULL with FAIL_CONFIG for what is no profile that a picture can be
 * converted to. */
GBytes *profile_read(int fd, struct failure *failure);
/* Colour components of its pictures: 1, 3, 4. */
int profile_bands(GBytes *profile);
/* The name that it gives itself. Caller frees. */
char *profile_title(GBytes *profile);

/* To that profile, which is embedded, with 8 or 16 bits: from the embedded one, else from sRGB or
 * its curve of grey, of CMYK from libvips' own; of float from linear sRGB, beyond its gamut too, to
 * the bounds of still/private.h. Alpha stays; to CMYK there is to be none. */
bool still_to_profile(struct still *still, GBytes *profile, int depth, struct failure *failure);
/* That a picture has; NULL none. Caller unrefs. */
GBytes *profile_of(VipsImage *image);
/* The space that its profile is of: by colorants and curve, else by its name, of grey and of
 * tables. NULL: it has none, or of none that is known here. */
const struct space *profile_space(VipsImage *image);
/* Whether a picture has a profile, and colours can be converted by it. */
bool profile_is_usable(VipsImage *image);
