/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the thumbnails of a sprite stand. */
#include "tiles.h"

#include "../drawing_size.h"

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

char *sprite_problem(const struct sprite *sprite, const struct tiles *tiles)
{
    const double width = (double)tiles->columns * tiles->width,
                 height = (double)tiles->rows * tiles->height;
    if (width <= DRAWING_SIDE_MAX && height <= DRAWING_SIDE_MAX)
        return NULL;
    return g_strdup_printf(
        "%d thumbnails of %dx%d in %d columns make a picture of %.0fx%.0f, and %d is the most for "
        "a side: take them less often (every: %g s now) or smaller",
        tiles->count, tiles->width, tiles->height, tiles->columns, width, height, DRAWING_SIDE_MAX,
        sprite->every_s);
}
