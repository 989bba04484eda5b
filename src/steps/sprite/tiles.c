/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the thumbnails of a sprite stand. */
#include "tiles.h"

#include <math.h>

struct tiles sprite_tiles(const struct sprite *sprite, double duration_s, double aspect)
{
    const double rounding = 1e-6; /* of a duration that is a whole number of intervals */
    const int count = (int)fmin(ceil(duration_s / sprite->every_s - rounding), 1e9);
    struct tiles tiles = {.count = MAX(count, 1),
                          .width = sprite->width,
                          .height = MAX((int)lround(sprite->width / aspect), 1)};
    tiles.columns = MIN(sprite->columns, tiles.count);
    tiles.rows = (tiles.count + tiles.columns - 1) / tiles.columns;
    return tiles;
}
