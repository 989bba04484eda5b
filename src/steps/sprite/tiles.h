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
