/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the thumbnails of a sprite stand, and when each is shown. */
#pragma once

#include "sprite.h"

struct tiles {
    int count, columns, rows;
    int width, height; /* of one */
};

/* For a programme of `duration_s` whose picture is `aspect` wide. Thumbnail k is the frame at
 * k * every_s, and is shown until that of the next. */
struct tiles sprite_tiles(const struct sprite *sprite, double duration_s, double aspect);
/* Why they are too many for one picture, and what would fit; or NULL. Caller frees. */
char *sprite_problem(const struct sprite *sprite, const struct tiles *tiles);
